import type { ConfigMap } from '../../model/cluster.ts'
import { sourcedOf } from '../../model/provenance.ts'
import type { ForwardProxyConfig, ProxyAcl } from '../../model/proxy.ts'

/** Levels below the one at which connections are logged. */
const SILENT = /^(critical|error|warning|notice)$/i

/**
 * tinyproxy.conf: without any `Allow` everybody is served; without any `ConnectPort` CONNECT goes to every port.
 * Source: tinyproxy.conf(5), Allow, ConnectPort, FilterDefaultDeny, LogLevel.
 */
export const lowerTinyproxy = (configMaps: readonly ConfigMap[]): readonly ForwardProxyConfig[] =>
  configMaps.flatMap(map =>
    [...map.data]
      .filter(
        ([key, text]) => /tinyproxy.*\.conf$/.test(key) || /^[^\S\r\n]*(ConnectPort|FilterDefaultDeny)\s/m.test(text),
      )
      .map(([key, text]) => parse(map, key, text)),
  )

const parse = (map: ConfigMap, key: string, text: string): ForwardProxyConfig => {
  const lines = text.split('\n').map(line => line.replace(/#.*$/, '').trim().split(/\s+/))
  const values = (directive: string): readonly string[] =>
    lines.flatMap(([name = '', value]) =>
      name.toLowerCase() === directive.toLowerCase() && value !== undefined ? [value] : [],
    )
  const clients = values('Allow')
  const ports = values('ConnectPort')
  const level = values('LogLevel').at(-1) ?? 'Info'
  const filtered = values('FilterDefaultDeny').some(value => /^(yes|on)$/i.test(value))
  const acls = new Map<string, ProxyAcl>([
    ['clients', { type: 'src', values: clients.length > 0 ? clients : ['all'] }],
    ['SSL_ports', { type: 'port', values: ports }],
    ['filter', { type: 'dstdomain', values: values('Filter') }],
  ])
  const written = clients.length > 0 ? `Allow ${clients.join(' ')}` : 'no Allow line'
  const connect = ports.length > 0 ? ['SSL_ports'] : []
  return {
    ...sourcedOf(map),
    product: 'tinyproxy',
    key,
    acls,
    access: [{ action: 'allow', acls: ['clients', ...connect, ...(filtered ? ['filter'] : [])], written }],
    accessLog: SILENT.test(level) ? 'off' : 'on',
    accessLogSetting: `LogLevel ${level}`,
    missingFiles: [],
  }
}
