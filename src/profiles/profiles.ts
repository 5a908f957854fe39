import type { Profile } from '../model/profile.ts'
import { antrea } from './antrea.ts'
import { awsVpcCni } from './aws-vpc-cni.ts'
import { azureCilium } from './azure-cilium.ts'
import { azureCni } from './azure-cni.ts'
import { azureNpm } from './azure-npm.ts'
import { calicoEbpf } from './calico-ebpf.ts'
import { calicoIptables } from './calico-iptables.ts'
import { cilium } from './cilium.ts'
import { flannel } from './flannel.ts'
import { gkeDataplaneV2 } from './gke-dataplane-v2.ts'
import { gkeNetd } from './gke-netd.ts'
import { kindnet } from './kindnet.ts'
import { kubeRouter } from './kube-router.ts'
import { kubenet } from './kubenet.ts'
import { ovnKubernetes } from './ovn-kubernetes.ts'
import { specification } from './specification.ts'
import { unknown } from './unknown.ts'
import { weaveNet } from './weave-net.ts'

/** Every profile there is, by id. The one place that names them all: nothing else knows a plugin. */
export const PROFILES: ReadonlyMap<string, Profile> = new Map(
  [
    specification,
    unknown,
    antrea,
    awsVpcCni,
    azureCilium,
    azureCni,
    azureNpm,
    calicoEbpf,
    calicoIptables,
    cilium,
    flannel,
    gkeDataplaneV2,
    gkeNetd,
    kindnet,
    kubeRouter,
    kubenet,
    ovnKubernetes,
    weaveNet,
  ].map(profile => [profile.id, profile]),
)

/**
 * What people type. A name that could mean several profiles, as `aks` or `azure`, is not here: which policy engine is
 * meant is the user's to say.
 */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['spec', 'specification'],
  ['default', 'specification'],
  ['aws', 'aws-vpc-cni'],
  ['eks', 'aws-vpc-cni'],
  ['vpc-cni', 'aws-vpc-cni'],
  ['amazon-vpc-cni', 'aws-vpc-cni'],
  ['aks-cilium', 'azure-cilium'],
  ['npm', 'azure-npm'],
  ['aks-npm', 'azure-npm'],
  ['calico', 'calico-iptables'],
  ['calico-nftables', 'calico-iptables'],
  ['canal', 'calico-iptables'],
  ['calico-bpf', 'calico-ebpf'],
  ['gke', 'gke-dataplane-v2'],
  ['dataplane-v2', 'gke-dataplane-v2'],
  ['dpv2', 'gke-dataplane-v2'],
  ['netd', 'gke-netd'],
  ['kind', 'kindnet'],
  ['k3s', 'kube-router'],
  ['none', 'kubenet'],
  ['ovn', 'ovn-kubernetes'],
  ['ovnk', 'ovn-kubernetes'],
  ['ovn-k', 'ovn-kubernetes'],
  ['openshift', 'ovn-kubernetes'],
  ['weave', 'weave-net'],
])

/** By id or alias, in any case. null: there is none of that name. */
export const profileNamed = (name: string): Profile | null => {
  const id = name.trim().toLowerCase()
  return PROFILES.get(ALIASES.get(id) ?? id) ?? null
}
