import { type Check, hit } from '../check.ts'

/** A short name is one of the rule’s own namespace. Source: istio.io, DestinationRule.host. */
const isInCluster = (host: string): boolean => /(^[^.]+|\.svc|\.cluster\.local)$/.test(host)

export const skipVerify: Check = {
  id: 'PST-M009',
  title: 'TLS to the outside without verification',
  severity: 'high',
  why: 'The proxy opens TLS and checks no certificate: whoever answers at that address is believed. A poisoned name or a taken-over route then receives the traffic in full.',
  remedy: 'Verify the certificate: give the CA, and remove `insecureSkipVerify`.',
  references: ['https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings'],
  *run({ cluster }) {
    for (const settings of cluster.mesh.tlsSettings) {
      if (!settings.insecureSkipVerify || isInCluster(settings.host)) continue
      yield hit(
        settings,
        `TLS to \`${settings.host}\` accepts any certificate`,
        `remove \`insecureSkipVerify\` from DestinationRule \`${settings.ref.name}\` in \`${settings.namespace}\``,
        { at: ['spec', 'trafficPolicy'], witness: 'insecureSkipVerify: true' },
      )
    }
  },
}
