import type { JsonObject } from '../../../model/json.ts'
import { cidrs, day, globs, type KindSchema, listOf, mapOfGlobs, names, ports, rules, strict, words } from './parts.ts'

const OF_PODS = ['namespaces', 'serviceAccounts', 'workloads', 'labels'] as const

const none = (...keys: readonly string[]): JsonObject => ({ not: { anyOf: keys.map(key => ({ required: [key] })) } })

const from: JsonObject = strict(
  {
    clusters: globs('Cluster names.'),
    namespaces: globs('Namespaces.'),
    serviceAccounts: globs('Service accounts.'),
    workloads: globs('Workloads: a name, or `Kind/name`.'),
    labels: mapOfGlobs('Labels of the pods: key to glob.'),
    nodePools: globs('Node pools, or node names: what nodes themselves send.'),
    functions: globs('Serverless functions and jobs.'),
    accounts: globs('Cloud accounts, subscriptions or projects of the functions.'),
  },
  [],
  {
    minProperties: 1,
    description:
      'Who: workloads, nodes (`nodePools`, with `clusters`), or functions (`functions`, `accounts`). All given keys must match; an absent key matches everything of its kind.',
    // Nodes are in no namespace, and functions in no cluster.
    oneOf: [
      none('nodePools', 'functions', 'accounts'),
      { required: ['nodePools'], ...none(...OF_PODS, 'functions', 'accounts') },
      {
        anyOf: [{ required: ['functions'] }, { required: ['accounts'] }],
        ...none(...OF_PODS, 'clusters', 'nodePools'),
      },
    ],
  },
)

const to: JsonObject = strict(
  {
    names: names('DNS names.'),
    cidrs: cidrs('Address blocks of either family.'),
    except: cidrs('Blocks that are taken out of `cidrs`.'),
    services: globs('Services: `name`, `namespace/name` or `cluster/namespace/name`.'),
    workloads: globs('Workloads: `namespace/name`, `namespace/Kind/name` or with the cluster in front.'),
    privateEndpoint: words('Name of a PrivateEndpoint document.'),
  },
  [],
  {
    minProperties: 1,
    description: 'Any of what is given.',
    dependentRequired: { except: ['cidrs'] },
    ...rules({
      rule: '!has(self.except) || has(self.cidrs)',
      message: '`except` takes blocks out of `cidrs`, and there are none',
    }),
  },
)

const allow: JsonObject = strict(
  {
    to,
    ports,
    via: words('Name of an ApprovedExit; absent: any approved exit.'),
    owner: words('Who answers for it.'),
    justification: words('What it is for.'),
    reviewBy: day('The day on which somebody looks at it again.'),
    expires: day('The last day on which it holds.'),
  },
  ['to'],
  rules({
    rule: '!has(self.reviewBy) || !has(self.expires) || self.reviewBy <= self.expires',
    message: 'it is reviewed after it has expired',
  }),
)

export const egressIntent: KindSchema = {
  kind: 'EgressIntent',
  plural: 'egressintents',
  description:
    'What its owners say may leave, through which exit, why, and until when. Declared and not allowed is broken; allowed and not declared is a finding.',
  scope: 'Namespaced',
  spec: strict({ from, allow: listOf(allow, 'What may leave. An empty list declares that nothing does.') }, [
    'from',
    'allow',
  ]),
}
