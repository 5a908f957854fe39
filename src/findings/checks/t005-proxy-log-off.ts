import { type Check, hit } from '../check.ts'

export const proxyLogOff: Check = {
  id: 'PST-T005',
  title: 'Forward proxy that keeps no access log',
  severity: 'high',
  why: 'A proxy merges many workloads into one address. Its access log is the only place that still knows who asked for what, and it is switched off.',
  remedy: 'Log to standard output and ship it.',
  references: ['https://www.squid-cache.org/Doc/config/access_log/'],
  *run({ cluster }) {
    for (const proxy of cluster.proxies) {
      if (proxy.accessLog !== 'off') continue
      yield hit(
        proxy,
        `\`${proxy.accessLogSetting}\`: nobody can say what left through it`,
        `switch the access log on in \`${proxy.key}\` of ConfigMap \`${proxy.ref.name}\` in \`${proxy.ref.namespace}\``,
        { at: ['data', proxy.key], key: proxy.key, witness: proxy.accessLogSetting },
      )
    }
  },
}
