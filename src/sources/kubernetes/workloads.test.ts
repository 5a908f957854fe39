import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { estateOf } from './testing/estate-of.ts'

interface PodText {
  readonly name: string
  readonly owner?: string
  readonly hash?: string
  readonly phase?: string
}

const owned = (owner: string | undefined): string => {
  if (owner === undefined) return ''
  const [apiVersion, kind, name] = owner.split(' ')
  return `, ownerReferences: [{apiVersion: ${apiVersion}, kind: ${kind}, name: ${name}, controller: true}]`
}

const pod = ({ name, owner, hash, phase = 'Running' }: PodText): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ns, labels: {app: a${hash === undefined ? '' : `, pod-template-hash: ${hash}`}}${owned(owner)}}
spec: {containers: [{name: c, image: i}]}
status: {phase: ${phase}}
`

const maker = (apiVersion: string, kind: string, name: string, owner?: string, more = ''): string => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${name}, namespace: ns${owned(owner)}}
spec: {${more}template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: i}]}}}
`

/** `Kind/name pods inferred` of each workload, whatever the order of the documents. */
const check = (documents: readonly string[], expected: readonly string[]): void => {
  for (const order of [documents, documents.toReversed()]) {
    const { clusters, diagnostics } = estateOf({ 'x.yaml': order.join('\n---\n') })
    assert.deepEqual(diagnostics, [])
    const shown = (clusters[0]?.workloads ?? []).map(
      ({ ref, pods, inferred }) => `${ref.kind}/${ref.name} ${pods.length}${inferred ? ' inferred' : ''}`,
    )
    assert.deepEqual(shown, expected)
  }
}

const RS = 'apps/v1 ReplicaSet web-5d4f8'

describe('pods stand under their topmost owner', () => {
  test('Deployment, ReplicaSet, pods', () =>
    check(
      [
        maker('apps/v1', 'Deployment', 'web'),
        maker('apps/v1', 'ReplicaSet', 'web-5d4f8', 'apps/v1 Deployment web'),
        pod({ name: 'p1', owner: RS, hash: '5d4f8' }),
        pod({ name: 'p2', owner: RS, hash: '5d4f8' }),
      ],
      ['Deployment/web 2'],
    ))
  test('a ReplicaSet that was not read stands for its Deployment by the hash', () =>
    check([pod({ name: 'p1', owner: RS, hash: '5d4f8' })], ['Deployment/web 1 inferred']))
  test('and joins the Deployment that was read', () =>
    check([maker('apps/v1', 'Deployment', 'web'), pod({ name: 'p1', owner: RS, hash: '5d4f8' })], ['Deployment/web 1']))
  test('a ReplicaSet without the hash in its name stays one', () => {
    check([pod({ name: 'p1', owner: RS })], ['ReplicaSet/web-5d4f8 1 inferred'])
    check([pod({ name: 'p1', owner: RS, hash: 'd4f8' })], ['ReplicaSet/web-5d4f8 1 inferred'])
  })
  test('an owner that ownerReferences name and nobody knows', () =>
    check(
      [
        maker('apps/v1', 'ReplicaSet', 'canary-77', 'argoproj.io/v1alpha1 Rollout canary'),
        pod({ name: 'p1', owner: 'apps/v1 ReplicaSet canary-77' }),
        pod({ name: 'p2', owner: 'kafka.strimzi.io/v1 StrimziPodSet kafka' }),
      ],
      ['StrimziPodSet/kafka 1 inferred', 'Rollout/canary 1 inferred'].toSorted(),
    ))
  test('a Job is its CronJob’s, by reference or by name', () => {
    const cron = `
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: ns}
spec: {schedule: "* * * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: i}]}}}}}
`
    check(
      [
        cron,
        maker('batch/v1', 'Job', 'backup-28412345', 'batch/v1 CronJob backup'),
        pod({ name: 'p1', owner: 'batch/v1 Job backup-28412345' }),
        pod({ name: 'p2', owner: 'batch/v1 Job backup-28412346' }),
      ],
      ['CronJob/backup 2'],
    )
    check([pod({ name: 'p1', owner: 'batch/v1 Job backup-28412345' })], ['Job/backup-28412345 1 inferred'])
    check([maker('batch/v1', 'Job', 'backup-28412345', 'batch/v1 CronJob backup')], ['CronJob/backup 0 inferred'])
  })
  test('a static pod is itself', () =>
    check([pod({ name: 'etcd-node1', owner: 'v1 Node node1' })], ['Pod/etcd-node1 1']))
  test('a bare pod is itself', () => check([pod({ name: 'p1' })], ['Pod/p1 1']))
})

describe('what counts', () => {
  test('a template without pods counts as if it had one', () =>
    check([maker('apps/v1', 'Deployment', 'web')], ['Deployment/web 0']))
  test('finished pods do not', () =>
    check(
      [
        pod({ name: 'p1', phase: 'Succeeded' }),
        pod({ name: 'p2', phase: 'Failed' }),
        pod({ name: 'p3', owner: RS, hash: '5d4f8', phase: 'Succeeded' }),
        maker('batch/v1', 'Job', 'once'),
        pod({ name: 'p4', owner: 'batch/v1 Job once', phase: 'Succeeded' }),
      ],
      ['Job/once 0'],
    ))
  test('old, empty ReplicaSets of a Deployment that was not read do not', () =>
    check([maker('apps/v1', 'ReplicaSet', 'web-1', 'apps/v1 Deployment web', 'replicas: 0, ')], []))
})

test('owners in a circle lose nobody and end', () => {
  const { clusters } = estateOf({
    'x.yaml': [
      maker('apps/v1', 'ReplicaSet', 'a', 'apps/v1 ReplicaSet b'),
      maker('apps/v1', 'ReplicaSet', 'b', 'apps/v1 ReplicaSet a'),
      pod({ name: 'p', owner: 'apps/v1 ReplicaSet a' }),
    ].join('\n---\n'),
  })
  assert.equal(clusters[0]?.workloads.flatMap(workload => workload.pods).length, 1)
})

test('documents that differ are all there, in the same order however they are read', () => {
  const plain = maker('apps/v1', 'Deployment', 'web')
  const host = plain.replace('spec: {containers', 'spec: {hostNetwork: true, containers')
  for (const files of [
    { 'a.yaml': plain, 'b.yaml': host },
    { 'b.yaml': host, 'a.yaml': plain },
  ]) {
    const { clusters, coverage } = estateOf(files)
    const shown = clusters[0]?.workloads.map(({ origin, shape }) => [origin.file, shape.hostNetwork])
    assert.deepEqual(shown?.toSorted(), [
      ['a.yaml', false],
      ['b.yaml', true],
    ])
    assert.equal(coverage.objects, 1)
  }
})
