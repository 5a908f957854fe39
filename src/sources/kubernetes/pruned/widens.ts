import { field, text } from '../../../model/json.ts'
import { calicoPolicyWidens, calicoSetWidens } from './calico.ts'
import { ciliumPolicyWidens } from './cilium.ts'
import type { Dropped, Effect } from './dropped.ts'
import { serviceEntryWidens, sidecarWidens } from './istio.ts'
import { fqdnPolicyWidens, networkPolicyWidens, serviceWidens } from './kubernetes.ts'
import { policyApiWidens } from './policy-api.ts'

/** By `kind.group`: Kubernetes and Calico both have a NetworkPolicy. Staged policies allow nothing, so they are absent. */
const EFFECTS: ReadonlyMap<string, Effect> = new Map([
  ['NetworkPolicy.networking.k8s.io', networkPolicyWidens],
  ['Service.', serviceWidens],
  ['FQDNNetworkPolicy.networking.gke.io', fqdnPolicyWidens],
  ['AdminNetworkPolicy.policy.networking.k8s.io', policyApiWidens],
  ['BaselineAdminNetworkPolicy.policy.networking.k8s.io', policyApiWidens],
  ['ClusterNetworkPolicy.policy.networking.k8s.io', policyApiWidens],
  ['CiliumNetworkPolicy.cilium.io', ciliumPolicyWidens],
  ['CiliumClusterwideNetworkPolicy.cilium.io', ciliumPolicyWidens],
  ['NetworkPolicy.crd.projectcalico.org', calicoPolicyWidens],
  ['NetworkPolicy.projectcalico.org', calicoPolicyWidens],
  ['GlobalNetworkPolicy.crd.projectcalico.org', calicoPolicyWidens],
  ['GlobalNetworkPolicy.projectcalico.org', calicoPolicyWidens],
  ['NetworkSet.crd.projectcalico.org', calicoSetWidens],
  ['NetworkSet.projectcalico.org', calicoSetWidens],
  ['GlobalNetworkSet.crd.projectcalico.org', calicoSetWidens],
  ['GlobalNetworkSet.projectcalico.org', calicoSetWidens],
  ['Sidecar.networking.istio.io', sidecarWidens],
  ['ServiceEntry.networking.istio.io', serviceEntryWidens],
])

export const widensOf = (dropped: Dropped): string | null => {
  const version = text(field(dropped.stored, 'apiVersion')) ?? ''
  const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : ''
  return EFFECTS.get(`${text(field(dropped.stored, 'kind')) ?? ''}.${group}`)?.(dropped) ?? null
}
