import { placeOf } from '../../inventory/address.ts'
import { type Check, hit } from '../check.ts'

/**
 * Where telemetry goes, by the settings of those who send it: Prometheus `remote_write`, Promtail and Alloy `clients`,
 * an OpenTelemetry exporter's `endpoint`, a Fluent Bit `[OUTPUT]` host.
 */
const SENDERS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^([ \t]*)remote_write:[^\n]*\n(?:\1[ \t-][^\n]*(?:\n|$)|[ \t]*\n)*/gm,
    /^[ \t-]*url:\s*["']?(?:https?:\/\/)?([^\s"'/]+)/gm,
  ],
  [/^([ \t]*)clients:[^\n]*\n(?:\1[ \t-][^\n]*(?:\n|$)|[ \t]*\n)*/gm, /^[ \t-]*url:\s*["']?https?:\/\/([^\s"'/]+)/gm],
  [
    /^([ \t]*)exporters:[ \t]*\n(?:\1[ \t][^\n]*(?:\n|$)|[ \t]*\n)*/gm,
    /^[ \t]*endpoint:\s*["']?(?:https?:\/\/)?([^\s"'/]+)/gm,
  ],
  [/^[ \t]*\[OUTPUT\][^[]*/gim, /^[ \t]*Host[ \t]+(\S+)/gim],
]

const hostsIn = (text: string): readonly string[] =>
  SENDERS.flatMap(([block, address]) =>
    [...text.matchAll(block)].flatMap(([section]) =>
      [...section.matchAll(address)].map(match => (match[1] ?? '').replace(/^.*@/, '').replace(/:\d+$/, '')),
    ),
  )

const isInside = (host: string): boolean =>
  !['public', 'name'].includes(placeOf(host)) ||
  (placeOf(host) === 'name' && /(^[^.]*|\.svc|\.cluster\.local|\.internal)$|\.svc\.|[${}]/.test(host))

export const telemetryLeaves: Check = {
  id: 'PST-T006',
  title: 'Telemetry that is sent outside the cluster',
  severity: 'low',
  why: 'Metrics and logs carry names, addresses and sometimes payloads, steadily and unasked. Where they go is an exit like any other, and rarely declared.',
  remedy: 'Declare the destination with an owner, or keep the data inside.',
  references: ['https://prometheus.io/docs/prometheus/latest/configuration/configuration/#remote_write'],
  *run({ cluster }) {
    for (const map of cluster.configMaps.values()) {
      for (const [key, value] of map.data) {
        for (const host of new Set(hostsIn(value))) {
          if (isInside(host)) continue
          yield hit(
            map,
            `telemetry is sent to \`${host}\``,
            `declare \`${host}\` as an exit with an owner, or remove it from ConfigMap \`${map.ref.name}\``,
            { at: ['data', key], key: host, witness: host },
          )
        }
      }
    }
  },
}
