import { keyOf, type ObjectRef } from '../../model/identity.ts'
import { at, field, integer, list, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import type { PathStep } from '../../model/provenance.ts'
import type { Pod, PodShape, Workload } from '../../model/workload.ts'
import { lowerPodShape } from './lower-pod.ts'
import { type ApiObject, ownerOf, sourced, statusOf } from './object.ts'
import { sharing } from './shared-parts.ts'
import { TEMPLATE_PATH } from './template-path.ts'

/** An object that makes pods, with its template lowered; its body is let go. */
export interface Controller extends Omit<Workload, 'pods' | 'inferred'> {
  readonly owner: ObjectRef | null
}

export interface OwnedPod extends Pod {
  readonly owner: ObjectRef | null
}

export const isController = (group: string, kind: string): boolean => Object.hasOwn(TEMPLATE_PATH, `${group}/${kind}`)

export const lowerController = (object: ApiObject): Controller => {
  const path = TEMPLATE_PATH[`${object.ref.group}/${object.ref.kind}`] ?? []
  const template = at(object.body, ...path)
  return {
    ...sourced(object),
    namespace: object.ref.namespace ?? 'default',
    shape: lowerPodShape(field(template, 'metadata'), field(template, 'spec')),
    shapePath: [...path, 'spec'] as readonly PathStep[],
    replicas: integer(field(object.spec, 'replicas')) ?? null,
    owner: ownerOf(object),
  }
}

/** Source: k8s.io/api/core/v1, types Pod, PodStatus. */
export const lowerPod = (object: ApiObject): OwnedPod => {
  const owner = ownerOf(object)
  const shape = lowerPodShape(object.metadata, object.spec)
  const { labels, annotations, ...own } = sourced(object)
  const addresses = list(statusOf(object, 'podIPs')).flatMap(entry => text(field(entry, 'ip')) ?? [])
  const single = text(statusOf(object, 'podIP'))
  return {
    ...own,
    labels: sharing(shape.labels, labels),
    annotations: sharing(shape.annotations, annotations),
    uid: text(field(object.metadata, 'uid')) ?? null,
    phase: text(statusOf(object, 'phase')) ?? null,
    node: text(field(object.spec, 'nodeName')) ?? null,
    addresses: addresses.length > 0 ? addresses : single === undefined ? [] : [single],
    shape,
    // The kubelet owns the mirror of a static pod: nobody controls it from inside the cluster.
    owner: owner?.kind === 'Node' ? null : owner,
    controlled: owner !== null,
  }
}

/** Pods of one owner mostly differ in a name and an address: what else they have is held once. */
export const withPartsOf = (older: OwnedPod | undefined, fresh: OwnedPod): OwnedPod => {
  const { owner, labels, annotations, shape } = older ?? fresh
  return {
    ...fresh,
    owner: sharing(owner, fresh.owner),
    labels: sharing(labels, fresh.labels),
    annotations: sharing(annotations, fresh.annotations),
    shape: sharing(shape, fresh.shape),
  }
}

/** A finished pod holds no address and opens nothing. */
export const isFinished = (pod: Pod): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed'

/** Whom pods count for: the contract's topmost owner, or, to compare with tools that do so, the one that a pod names. */
export type Owners = 'topmost' | 'direct'

/**
 * Groups pods under their topmost owner. A template without pods counts as if it had one. An owner that was not read
 * is known from its pods' ownerReferences: a ReplicaSet whose name ends in the pods' `pod-template-hash` stands for its
 * Deployment, a Job named like a CronJob's for that CronJob.
 */
export const assembleWorkloads = (
  controllers: readonly Controller[],
  pods: readonly OwnedPod[],
  owners: Owners = 'topmost',
): readonly Workload[] => {
  const byKey = new Map(controllers.map(controller => [keyOf(controller.ref), controller]))
  const alternatives = Map.groupBy(controllers, controller => keyOf(controller.ref))
  const topmost = (owner: ObjectRef, hash: string | undefined): ObjectRef => {
    if (owners === 'direct') return owner
    let here = owner
    // Owner chains are short; a cycle that somebody wrote by hand ends here too.
    for (let step = 0; step < 8; step++) {
      const above = byKey.get(keyOf(here))?.owner ?? impliedOwner(here, hash, byKey)
      if (above === null) return here
      here = above
    }
    return here
  }

  const groups = new Map<string, { ref: ObjectRef; pods: OwnedPod[] }>()
  const group = (ref: ObjectRef): OwnedPod[] => {
    const key = keyOf(ref)
    const known = groups.get(key) ?? { ref, pods: [] }
    groups.set(key, known)
    return known.pods
  }
  /** The first controller below each owner that was not read itself. */
  const below = new Map<string, Controller>()
  // By direct owners, what only makes other controllers makes no pods.
  const aboveOthers = new Set(
    owners === 'direct' ? controllers.flatMap(({ owner }) => (owner === null ? [] : [keyOf(owner)])) : [],
  )
  for (const controller of controllers) {
    if (aboveOthers.has(keyOf(controller.ref))) continue
    const top = topmost(controller.ref, controller.shape.labels.get('pod-template-hash'))
    group(top)
    if (!below.has(keyOf(top))) below.set(keyOf(top), controller)
  }
  for (const pod of pods) {
    if (pod.owner !== null) group(topmost(pod.owner, pod.labels.get('pod-template-hash'))).push(pod)
    else if (!isFinished(pod)) group(pod.ref).push(pod)
  }

  const result: Workload[] = []
  for (const { ref, pods: own } of groups.values()) {
    const controller = byKey.get(keyOf(ref)) ?? below.get(keyOf(ref))
    const running = own.filter(pod => !isFinished(pod)).sort((a, b) => compareText(a.ref.name, b.ref.name))
    if (controller) {
      const { owner: _, ...rest } = controller
      const inferred = keyOf(controller.ref) !== keyOf(ref)
      // A ReplicaSet stands in for a Deployment that was not read; old, empty ReplicaSets do not.
      if (inferred && running.length === 0 && controller.replicas === 0) continue
      result.push({ ...rest, ref, pods: running, inferred })
      // Documents that differ are all possible: what any of them opens must be seen. The pods are counted once.
      for (const other of inferred ? [] : (alternatives.get(keyOf(ref)) ?? [])) {
        if (other === controller) continue
        const { owner: _owner, ...shown } = other
        result.push({ ...shown, pods: [], inferred })
      }
    } else {
      const first = running[0] ?? own[0]
      if (first === undefined) continue
      if (running.length === 0) continue
      result.push({
        ref,
        origin: first.origin,
        labels: first.owner === null ? first.labels : withoutHash(first.shape).labels,
        annotations: first.annotations,
        namespace: first.ref.namespace ?? 'default',
        shape: first.owner === null ? first.shape : withoutHash(first.shape),
        shapePath: ['spec'],
        replicas: null,
        pods: running,
        inferred: first.owner !== null,
      })
    }
  }
  return result.sort((a, b) => compareText(keyOf(a.ref), keyOf(b.ref)))
}

const impliedOwner = (
  ref: ObjectRef,
  hash: string | undefined,
  known: ReadonlyMap<string, Controller>,
): ObjectRef | null => {
  if (ref.kind === 'ReplicaSet' && hash !== undefined && ref.name.endsWith(`-${hash}`)) {
    return { ...ref, group: 'apps', kind: 'Deployment', name: ref.name.slice(0, -hash.length - 1) }
  }
  if (ref.kind === 'Job') {
    const cron = /^(.+)-\d{8,10}$/.exec(ref.name)?.[1]
    const owner: ObjectRef | null = cron === undefined ? null : { ...ref, group: 'batch', kind: 'CronJob', name: cron }
    if (owner !== null && known.has(keyOf(owner))) return owner
  }
  return null
}

/** Labels that controllers add to each pod say nothing about the workload. */
const CONTROLLER_LABELS = [
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
]

const withoutHash = (shape: PodShape): PodShape => ({
  ...shape,
  labels: new Map([...shape.labels].filter(([key]) => !CONTROLLER_LABELS.includes(key))),
  containers: shape.containers.filter(container => container.role !== 'ephemeral'),
  nodeName: null,
})
