import type { Cluster } from '../model/cluster.ts'
import { idOf, keyOf } from '../model/identity.ts'
import type { Controls } from '../model/inventory.ts'
import type { PodIdentity, Policy } from '../model/policy.ts'
import type { Workload } from '../model/workload.ts'
import { abilityText, grantsOf, subjectText } from './access.ts'
import { podSecurityOf } from './admission.ts'
import { ciliumConfig } from './cilium-config.ts'
import { workloadNamed } from './dataplane.ts'

/** What is in place against a way out: default deny, admission, access, logs. */
export const controlsOf = (cluster: Cluster): Controls => ({
  namespaces: namespacesOf(cluster),
  admission: admissionOf(cluster),
  access: accessOf(cluster),
  flowLogs: flowLogsOf(cluster),
})

export const podIdentityOf = (cluster: Cluster, workload: Workload): PodIdentity => ({
  namespace: workload.namespace,
  namespaceLabels: cluster.namespaces.get(workload.namespace)?.labels ?? new Map(),
  labels: workload.shape.labels,
  serviceAccount: workload.shape.serviceAccount,
})

/**
 * Is egress of these pods closed but for what rules allow? Where policies add up (NetworkPolicy, Cilium), a rule that
 * allows everything opens what the others close. Where they are ordered (Calico, the policy API), an allow of everything
 * may come before or after the deny: `unknown`, until the order is evaluated.
 */
export const egressClosed = (
  cluster: Cluster,
  workload: Workload,
  policies: readonly Policy[],
): boolean | 'unknown' => {
  if (workload.shape.hostNetwork) return false
  const pod = podIdentityOf(cluster, workload)
  let closed: boolean | 'unknown' = false
  let opened: boolean | 'unknown' = false
  for (const policy of policies) {
    if (policy.inert !== null) continue
    const additive = policy.dialect === 'kubernetes' || policy.dialect === 'cilium'
    for (const spec of policy.specs) {
      if (spec.selectsNodes) continue
      const opens = spec.allowsAllEgress !== null
      if (spec.isolatesEgress === false && !opens) continue
      const selects = spec.subject.matches(pod)
      if (selects === false) continue
      if (opens && opened !== true) opened = additive && selects === true ? true : 'unknown'
      if (spec.isolatesEgress === true && selects === true) closed = true
      else if (spec.isolatesEgress !== false && closed === false) closed = 'unknown'
    }
  }
  if (opened === true) return false
  return opened === 'unknown' && closed === true ? 'unknown' : closed
}

const namespacesOf = (cluster: Cluster): Controls['namespaces'] => {
  const byNamespace = Map.groupBy(cluster.workloads, workload => workload.namespace)
  const policiesIn = Map.groupBy(cluster.policies, policy => policy.namespace ?? '')
  const wide = policiesIn.get('') ?? []
  return [...cluster.namespaces.values()].map(namespace => {
    const { name } = namespace.ref
    const workloads = byNamespace.get(name) ?? []
    const own = policiesIn.get(name) ?? []
    const states = workloads
      .filter(workload => !workload.shape.hostNetwork)
      .map(workload => egressClosed(cluster, workload, [...own, ...wide]))
    return {
      namespace: name,
      workloads: workloads.length,
      defaultDenyEgress: summarise(states),
      policies: own.map(policy => idOf(policy.ref)),
      podSecurity: podSecurityOf(namespace),
    }
  })
}

const summarise = (states: readonly (boolean | 'unknown')[]): Controls['namespaces'][number]['defaultDenyEgress'] => {
  if (states.length === 0) return 'none'
  if (states.every(state => state === true)) return 'full'
  if (states.some(state => state === true)) return 'partial'
  return states.some(state => state === 'unknown') ? 'unknown' : 'none'
}

const accessOf = (cluster: Cluster): Controls['access'] =>
  grantsOf(cluster).map(grant => ({
    subject: subjectText(grant.subject),
    can: abilityText(grant),
    namespace: grant.namespace ?? '*',
    via: idOf(grant.binding.ref),
  }))

/** One row an object: the rules of one policy may act differently, and then whether it enforces has no one answer. */
const admissionOf = (cluster: Cluster): Controls['admission'] =>
  [...Map.groupBy(cluster.admission, control => keyOf(control.ref)).values()].flatMap(rules => {
    const [first] = rules
    if (first === undefined) return []
    const enforces = rules.every(rule => rule.enforces === first.enforces) ? first.enforces : null
    return [
      {
        id: idOf(first.ref),
        engine: first.engine,
        controls: [...new Set(rules.flatMap(rule => rule.controls))],
        action: [...new Set(rules.map(rule => rule.action))].join(', '),
        enforces,
      },
    ]
  })

/** Which of the dataplane's own flow logs are kept. Absent settings are the product's defaults. */
const flowLogsOf = (cluster: Cluster): Controls['flowLogs'] => {
  const found: Controls['flowLogs'][number][] = []
  const dataplaneV2 = cluster.workloads.find(
    workload => workload.ref.kind === 'DaemonSet' && /^anetd/.test(workload.ref.name),
  )
  const cilium = ciliumConfig(cluster)
  // Dataplane V2 has a log of its own, and its copy of Cilium's settings is not for anybody to change.
  if (cilium !== null && dataplaneV2 === undefined)
    found.push({
      source: 'Hubble',
      state: cilium.data.get('enable-hubble') === 'true' ? 'on' : 'off',
      object: idOf(cilium.ref),
    })
  const vpcCni = workloadNamed(cluster, 'aws-node')
  if (vpcCni !== undefined) {
    const on = vpcCni.shape.containers.some(container => container.args.includes('--enable-policy-event-logs=true'))
    found.push({ source: 'VPC CNI policy logs', state: on ? 'on' : 'off', object: idOf(vpcCni.ref) })
  }
  const calico = workloadNamed(cluster, 'calico-node')
  const felix = cluster.calico.felix.find(settings => settings.scope === 'default')
  if (calico !== undefined || felix !== undefined) {
    const goldmane = cluster.flowLogging.find(setting => setting.product === 'calico-goldmane')
    const on =
      goldmane !== undefined ||
      felix?.settings.get('flowLogsFileEnabled') === 'true' ||
      felix?.settings.has('flowLogsGoldmaneServer') === true
    const object = goldmane?.ref ?? felix?.ref ?? calico?.ref
    found.push({
      source: 'Calico flow logs',
      state: on ? 'on' : 'off',
      object: object === undefined ? null : idOf(object),
    })
  }
  if (dataplaneV2 !== undefined) {
    const setting = cluster.flowLogging.find(candidate => candidate.product === 'gke-network-logging')
    const kept = [setting?.logsAllowed, setting?.logsDenied].filter(Boolean).length
    found.push({
      source: 'GKE network policy logging',
      state: kept === 2 ? 'on' : kept === 1 ? 'partial' : 'off',
      object: idOf((setting ?? dataplaneV2).ref),
    })
  }
  return found
}
