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
