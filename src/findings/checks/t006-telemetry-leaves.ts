import { placeOf } from '../../inventory/address.ts'
import { type Check, hit } from '../check.ts'

const REMOTE = /remote_write:[\s\S]{0,400}?-?\s*url:\s*["']?(https?:\/\/[^\s"']+)/

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
        const url = REMOTE.exec(value)?.[1]
        if (url === undefined) continue
        const host = url.replace(/^https?:\/\//, '').replace(/[/:?#].*$/, '')
        const place = placeOf(host)
        if (
          place === 'private' ||
          place === 'loopback' ||
          /(\.svc|\.cluster\.local|^[^.]+)$/.test(host) ||
          /\.svc\./.test(host)
        )
          continue
        yield hit(
          map,
          `metrics are sent to \`${host}\``,
          `declare \`${host}\` as an exit with an owner, or remove it from ConfigMap \`${map.ref.name}\``,
          { at: ['data', key], key: host, witness: url },
        )
      }
    }
  },
}
