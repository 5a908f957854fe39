import { numbers } from './engine-estate.ts'

/** What other dialects add to a cluster of the generator: the same on every machine. */

const TIERS = ['web', 'api', 'db', 'job']

/** Policies of Calico for all namespaces, spread over tiers before `default`: a pod has one or two of each tier. */
export const calicoDocuments = (policies: number, tiers: number): readonly object[] => {
  const pick = numbers(11)
  const calico = (kind: string, name: string, spec: object): object => ({
    apiVersion: 'projectcalico.org/v3',
    kind,
    metadata: { name },
    spec,
  })
  const group = (): string => `group == 'g${pick(320)}'`
  const spec = (
    p: number,
    selector: string,
    rules: { readonly egress: object[]; readonly ingress: object[] },
  ): object =>
    calico('GlobalNetworkPolicy', `t${p % tiers}.p${p}`, {
      tier: `t${p % tiers}`,
      order: p,
      selector,
      types: ['Ingress', 'Egress'],
      ...rules,
    })
  const own = (p: number): object => {
    const shard = pick(64)
    return spec(p, `shard == 's${shard}' && tier == '${TIERS[shard % 4]}'`, {
      egress: [
        {
          action: ['Allow', 'Deny', 'Pass'][pick(3)],
          protocol: 'TCP',
          destination: { selector: group(), ports: [8080 + pick(9)] },
        },
        { action: 'Deny', protocol: 'TCP', destination: { nets: [`${20 + pick(200)}.${pick(256)}.0.0/16`] } },
      ],
      ingress: [{ action: 'Deny', source: { selector: group() } }],
    })
  }
  // What no policy of a tier takes meets its end, so the last of each passes everything on.
  const last = (p: number): object => spec(p, 'all()', { egress: [{ action: 'Pass' }], ingress: [{ action: 'Pass' }] })
  return [
    calico('Tier', 'default', { order: 1_000_000 }),
    ...Array.from({ length: tiers }, (_, t) => calico('Tier', `t${t}`, { order: 100 * t })),
    ...Array.from({ length: policies }, (_, p) => (p < policies - tiers ? own(p) : last(p))),
  ]
}

/** A mesh that admits its registry alone: entries for hosts, and in some namespaces a Sidecar. */
export const istioDocuments = (objects: number, namespaces: number): readonly object[] => {
  const istio = (kind: string, name: string, namespace: string, spec: object): object => ({
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name, namespace },
    spec,
  })
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n' },
    },
    ...Array.from({ length: namespaces }, (_, n) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: `ns-${n}`,
        labels: { team: `team-${n % 20}`, stage: n % 3 === 0 ? 'prod' : 'dev', 'istio-injection': 'enabled' },
      },
    })),
    ...Array.from({ length: objects - 1 }, (_, n) =>
      n % 10 === 0
        ? istio('Sidecar', `scope-${n}`, `ns-${n % namespaces}`, {
            egress: [{ hosts: ['./*', `*/*.team-${n % 7}.example.com`] }],
          })
        : istio('ServiceEntry', `host-${n}`, `ns-${n % namespaces}`, {
            hosts: [`api-${n}.team-${n % 7}.example.com`],
            ports: [{ number: [443, 5432][n % 2], name: ['tls', 'tcp'][n % 2], protocol: ['TLS', 'TCP'][n % 2] }],
            ...(n % 2 === 0
              ? { resolution: 'DNS' }
              : {
                  resolution: 'STATIC',
                  addresses: [`192.0.2.${n % 250}`],
                  endpoints: [{ address: `198.51.100.${n % 250}` }],
                }),
          }),
    ),
  ]
}
