import type { DraftEntry } from './draft.ts'

/** What nodes of a managed platform themselves need, to start from; each with the page that says so. */
export interface Starter {
  readonly source: string
  readonly entries: readonly DraftEntry[]
}

const HTTPS = ['443/TCP']
const names = (all: readonly string[], justification: string): DraftEntry => ({
  to: { names: all },
  ports: HTTPS,
  justification,
  note: null,
})
const at = (cidrs: readonly string[], ports: readonly string[], justification: string): DraftEntry => ({
  to: { cidrs },
  ports,
  justification,
  note: null,
})

/** `region`: of the nodes, null where none says. */
export const starterFor = (distribution: string | null, region: string | null): Starter | null => {
  const place = region ?? '*'
  switch (distribution) {
    case 'EKS':
      return {
        source: 'https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html',
        entries: [
          at(
            ['169.254.169.254', 'fd00:ec2::254'],
            ['80/TCP'],
            'instance metadata: credentials and identity of the node',
          ),
          at(['169.254.169.253', 'fd00:ec2::253'], ['53/UDP', '53/TCP'], 'the resolver of the network'),
          at(['169.254.169.123', 'fd00:ec2::123'], ['123/UDP'], 'time'),
          ...(region === null
            ? [names(['**.amazonaws.com'], 'the API server, what the node asks about itself, and images')]
            : [
                names([`**.${region}.eks.amazonaws.com`], 'the API server of the cluster, and pod identity'),
                names(
                  [`ec2.${region}.amazonaws.com`, `sts.${region}.amazonaws.com`, `eks.${region}.amazonaws.com`],
                  'what the node asks about itself and its network interfaces',
                ),
                names(
                  [
                    `api.ecr.${region}.amazonaws.com`,
                    `**.dkr.ecr.${region}.amazonaws.com`,
                    `**.s3.${region}.amazonaws.com`,
                  ],
                  'images: the registry, and the buckets that hold their layers',
                ),
              ]),
        ],
      }
    case 'AKS':
      return {
        source: 'https://learn.microsoft.com/en-us/azure/aks/outbound-rules-control-egress',
        entries: [
          at(['169.254.169.254'], ['80/TCP'], 'instance metadata: credentials and identity of the node'),
          at(
            ['168.63.129.16'],
            ['53/UDP', '53/TCP', '80/TCP', '32526/TCP'],
            'the resolver and the wire server of the platform',
          ),
          names([`**.hcp.${place}.azmk8s.io`.replace('.*.', '.')], 'the API server of the cluster'),
          names(['mcr.microsoft.com', '*.data.mcr.microsoft.com'], 'images of system components'),
          names(['management.azure.com', 'login.microsoftonline.com'], 'the cloud’s own interface, and sign-in to it'),
          names(
            ['packages.microsoft.com', 'packages.aks.azure.com', 'acs-mirror.azureedge.net'],
            'packages and binaries of the node',
          ),
        ],
      }
    case 'GKE':
      return {
        source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules',
        entries: [
          at(
            ['169.254.169.254', 'fd20:ce::254'],
            ['80/TCP', '53/UDP', '53/TCP', '123/UDP'],
            'metadata, resolver and time of the platform',
          ),
          names(['**.gcr.io', '**.pkg.dev'], 'images'),
          names(
            ['container.googleapis.com', 'storage.googleapis.com', 'www.googleapis.com', 'oauth2.googleapis.com'],
            'the cloud’s own interface, and sign-in to it',
          ),
          names(['logging.googleapis.com', 'monitoring.googleapis.com'], 'logs and metrics of the node'),
        ],
      }
    default:
      return null
  }
}
