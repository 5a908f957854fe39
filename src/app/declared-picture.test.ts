import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readingOf } from '../sources/kubernetes/testing/estate-of.ts'
import { declaredPicture } from './declared-picture.ts'

const pod = (name: string): string => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: a, labels: {app: ${name}, role: client}}
spec: {containers: [{name: c, image: registry.example.com/c}]}
`

test('workloads of one policy stand apart where a proxy takes one of them alone', () => {
  const { estate } = readingOf({
    'x.yaml': `${pod('one')}${pod('two')}---
apiVersion: v1
kind: Pod
metadata: {name: proxy, namespace: a, labels: {app: proxy}}
spec:
  containers: [{name: c, image: ubuntu/squid:6, ports: [{containerPort: 3128}]}]
  volumes: [{name: conf, configMap: {name: squid}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: squid, namespace: a}
data: {squid.conf: "http_access allow all\\n"}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: clients, namespace: a}
spec:
  podSelector: {matchLabels: {role: client}}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {matchLabels: {app: proxy}}}], ports: [{port: 3128}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: proxy, namespace: a}
spec:
  podSelector: {matchLabels: {app: proxy}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {matchLabels: {app: one}}}], ports: [{port: 3128}]}]
---
apiVersion: postern.dev/v1alpha1
kind: EgressIntent
metadata: {name: both}
spec: {from: {workloads: [one, two]}, allow: [{to: {names: [api.example.com]}, ports: ["443"]}]}
`,
  })
  const told = declaredPicture(estate, '2026-11-20').namespaces.flatMap(({ groups }) =>
    groups.flatMap(({ workloads, ways }) =>
      ways.flatMap(({ state, intent }) => (intent === null ? [] : [`${workloads} ${state}`])),
    ),
  )
  assert.deepEqual(told, ['c/a/Pod/one met', 'c/a/Pod/two broken'])
})

const node = (name: string, pool: string): string => `---
apiVersion: v1
kind: Node
metadata: {name: ${name}, labels: {eks.amazonaws.com/nodegroup: ${pool}}}
`

const NODES = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-host-firewall: "true"}
${node('b', 'blue')}${node('a', 'blue')}${node('c', 'green')}---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: blue-out}
spec:
  nodeSelector: {matchLabels: {eks.amazonaws.com/nodegroup: blue}}
  egress: [{toCIDR: [20.60.0.0/24], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}]
`

const forNodes = (pools: string, cidr: string): string => `---
apiVersion: postern.dev/v1alpha1
kind: EgressIntent
metadata: {name: nodes}
spec: {from: {nodePools: ${pools}}, allow: [{to: {cidrs: [${cidr}]}, ports: ["443"], owner: team-nodes}]}
`

const poolsOf = (yaml: string) =>
  declaredPicture(readingOf({ 'x.yaml': yaml }).estate, '2026-11-20').nodes.flatMap(({ cluster, pools }) =>
    pools.map(({ pool, nodes, hold, ways }) => ({
      who: `${cluster} ${pool} ${nodes}`,
      hold,
      ways: ways.map(({ state, place, intent, owner }) => [state, place, intent, owner].join()),
    })),
  )

test('what is declared for nodes is met by policy for hosts, and never where nothing holds them', () => {
  assert.deepEqual(poolsOf(NODES + forNodes('["*"]', '20.60.0.0/25')), [
    {
      who: 'c blue a,b',
      hold: 'policy',
      ways: ['undeclared,20.60.0.128-20.60.0.255,,', 'met,20.60.0.0-20.60.0.127,default/EgressIntent/nodes,team-nodes'],
    },
    {
      who: 'c green c',
      hold: 'nothing',
      ways: [
        'unheld,everywhere that the network leads,,',
        'unheld,20.60.0.0-20.60.0.127,default/EgressIntent/nodes,team-nodes',
      ],
    },
  ])
})

test('a pool of which nobody spoke stands beside one of which somebody did', () => {
  assert.deepEqual(
    poolsOf(NODES + forNodes('[blue]', '20.61.0.0/24')).map(({ who, ways }) => [who, ways]),
    [
      [
        'c blue a,b',
        ['undeclared,20.60.0.0-20.60.0.255,,', 'broken,20.61.0.0-20.61.0.255,default/EgressIntent/nodes,team-nodes'],
      ],
      ['c green c', ['unheld,everywhere that the network leads,,']],
    ],
  )
})

test('nodes of whom no intent speaks are not drawn', () => {
  assert.deepEqual(poolsOf(NODES), [])
  assert.deepEqual(poolsOf(NODES + forNodes('[violet]', '20.60.0.0/25')), [])
})
