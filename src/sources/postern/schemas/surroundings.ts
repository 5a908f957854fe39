import { anyOf, cidrs, day, globs, type KindSchema, listOf, mapOfGlobs, names, strict, words } from './parts.ts'

/** What intents lean on: exits, environments, endpoints, resolvers, patterns. */

export const approvedExit: KindSchema = {
  kind: 'ApprovedExit',
  plural: 'approvedexits',
  description: 'A way out that somebody answers for: what leaves elsewhere does not leave by an approved exit.',
  scope: 'Cluster',
  spec: strict(
    {
      addresses: cidrs('Source addresses that the world sees.'),
      ids: globs('Ids of exits: `nat-0ab…`, `cluster/-/CiliumEgressGatewayPolicy/name`, a proxy’s workload id.'),
      names: globs('Names of the cloud objects or gateways.'),
      tags: mapOfGlobs('Tags of the cloud objects: key to glob.'),
      environment: words('Name of the Environment that it belongs to.'),
      inspectsTLS: { type: 'boolean', description: 'Whether it looks into TLS.' },
      owner: words('Who answers for it.'),
    },
    [],
    anyOf('addresses', 'ids', 'names', 'tags'),
  ),
}

const policy = strict(
  {
    kind: words('Kind of the policy.'),
    name: { type: 'string', minLength: 1, maxLength: 253, description: 'Its name, `*` allowed.' },
    namespaces: globs('Namespaces that must each have it; absent for cluster-scoped kinds.'),
  },
  ['kind', 'name'],
)

export const environment: KindSchema = {
  kind: 'Environment',
  plural: 'environments',
  description: 'Clusters and networks that belong together, and what each of them must have.',
  scope: 'Cluster',
  spec: strict(
    {
      clusters: globs('Cluster names.'),
      networks: globs('Ids of networks: VPC, VNet, or VPC network.'),
      tiers: globs('What the environment is for: `prod`, `staging`.'),
      defaultRouteTables: globs('Ids of route tables that subnets without one of their own use.'),
      meshes: listOf(
        globs('Cluster names.'),
        'Cluster meshes: clusters of one list know each other’s pods by identity.',
        64,
      ),
      baseline: strict(
        {
          policies: listOf(policy, 'Policies that every cluster must have.', 64),
          nameAllowlisting: {
            type: 'boolean',
            description: 'Whether every cluster must allow the internet by name and not by address.',
          },
          logging: listOf(
            { type: 'string', enum: ['dns', 'policy', 'flow', 'mesh-access'] },
            'What every cluster must log.',
            4,
          ),
        },
        [],
      ),
      owner: words('Who answers for it.'),
    },
    [],
    anyOf('clusters', 'networks'),
  ),
}

export const privateEndpoint: KindSchema = {
  kind: 'PrivateEndpoint',
  plural: 'privateendpoints',
  description: 'A service of a provider that is reached at private addresses, without leaving by the internet.',
  scope: 'Cluster',
  spec: strict(
    {
      service: words('The service behind it, as the provider names it.'),
      names: names('Names that resolve to it.'),
      addresses: cidrs('Its addresses.'),
      ids: globs('Ids: `vpce-0ab…`.'),
      environment: words('Name of the Environment that it belongs to.'),
      owner: words('Who answers for it.'),
    },
    [],
    anyOf('names', 'addresses', 'ids'),
  ),
}

export const resolver: KindSchema = {
  kind: 'Resolver',
  plural: 'resolvers',
  description: 'A DNS resolver that workloads may ask. Asking it for a declared name is part of the declaration.',
  scope: 'Cluster',
  spec: strict(
    {
      addresses: cidrs('Its addresses.'),
      clusters: globs('Clusters that may ask it; absent: all.'),
      logs: { type: 'boolean', description: 'Whether its questions are logged.' },
      filters: { type: 'boolean', description: 'Whether it refuses names that nobody declared.' },
      owner: words('Who answers for it.'),
    },
    ['addresses'],
  ),
}

export const egressPattern: KindSchema = {
  kind: 'EgressPattern',
  plural: 'egresspatterns',
  description: 'How egress is built, and why: through a hub, or by each cluster itself.',
  scope: 'Cluster',
  spec: strict(
    {
      pattern: {
        type: 'string',
        enum: ['centralised', 'per-cluster'],
        description: 'Through a hub, or by each cluster itself.',
      },
      clusters: globs('Clusters that it is about; absent: all.'),
      environment: words('Name of the Environment that it is about.'),
      via: listOf(words('Name of an ApprovedExit.'), 'The exits of the hub, or those that clusters may use.', 64),
      decision: words('Where it was decided: a link or a record.'),
      justification: words('Why.'),
      decidedOn: day('When it was decided.'),
      reviewBy: day('The day on which somebody looks at it again.'),
      owner: words('Who answers for it.'),
    },
    ['pattern', 'decision', 'owner'],
  ),
}
