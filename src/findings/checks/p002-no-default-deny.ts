import { isUserWorkload } from '../../inventory/identity.ts'
import { compareText } from '../../model/order.ts'
import { membersOf } from '../../sets/bit-set.ts'
import { type Check, type ClusterView, hit, several } from '../check.ts'
import { TCP_AND_UDP } from '../known-traffic.ts'
import { metadataAddresses } from '../metadata.ts'
import { isWideOpen } from '../open-signatures.ts'
import type { PossibleView } from '../possible-view.ts'
import { only, packetOf } from '../rule-reach.ts'
import { nameOf, type Signature } from '../signatures.ts'

export const noDefaultDeny: Check = {
  id: 'PST-P002',
  title: 'Egress that no policy closes',
  severity: 'medium',
  why: 'A pod that no policy isolates for egress may send anything anywhere: to the internet, to the node’s metadata service, to every private network that is routed. A policy for ingress alone does not change that.',
  remedy: 'Give the namespace a policy that selects every pod and closes egress, and allow what is needed beside it.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic',
  ],
  *run(view) {
    const possible = view.possible()
    const open = possible.signatures.filter(signature => isWideOpen(possible, signature))
    const byNamespace = Map.groupBy(
      open.flatMap(signature => signature.subjects.map(subject => ({ signature, subject }))),
      ({ subject }) => subject.workload.namespace,
    )
    for (const [name, found] of byNamespace) {
      const names = [...new Set(found.map(({ subject }) => nameOf(subject)))].sort(compareText)
      const [first] = found.toSorted((a, b) => compareText(nameOf(a.subject), nameOf(b.subject)))
      const namespace = view.cluster.namespaces.get(name)
      // A namespace whose document was not read has no place to point at.
      const object = namespace?.read ? namespace : first?.subject.workload
      if (object === undefined || first === undefined) continue
      const all = usersIn(view, name)
      yield hit(
        object,
        `no policy closes egress of ${names.length === all ? `any of its ${all === 1 ? 'workloads' : `${all} workloads`}` : `${names.length} of ${all} workloads`} in \`${name}\` (${several(names)})${leftOutBy(possible, found)}${metadataToo(view, possible, first.signature)}`,
        namespace?.read
          ? `add a NetworkPolicy to \`${name}\` that selects every pod with \`policyTypes: [Egress]\`, and allow what is needed`
          : `add a NetworkPolicy for \`${object.ref.name}\` and every other pod of its namespace with \`policyTypes: [Egress]\`, and allow what is needed`,
        { witness: packetOf({ subjects: [first.subject] }, only(4, possible.zones.internet), TCP_AND_UDP) },
      )
    }
  },
}

/** Policies for the whole cluster that close everybody’s egress but theirs. */
const leftOutBy = (
  { engine }: PossibleView,
  found: readonly { readonly subject: Signature['subjects'][number] }[],
): string => {
  const { selection, population, cluster } = engine
  const { bits } = selection
  const open = bits.of(found.flatMap(({ subject }) => subject.identity ?? []))
  const names = cluster.rulePolicies
    .filter(({ ref, inert, selects, egress, subject }) => {
      if (ref.namespace !== null || inert !== null || selects !== 'pods' || egress.isolates !== true) return false
      const { may } = selection.of(subject)
      return (
        egress.rules.length === 0 &&
        !bits.meets(may, open) &&
        2 * [...membersOf(may)].length > population.identities.length
      )
    })
    .map(({ ref }) => ref.name)
  return names.length === 0
    ? ''
    : `; ${several([...new Set(names)])} ${names.length === 1 ? 'closes' : 'close'} that of most others`
}

const usersIn = ({ cluster }: ClusterView, namespace: string): number =>
  (cluster.workloadsIn.get(namespace) ?? []).filter(workload => isUserWorkload(workload) && !workload.shape.hostNetwork)
    .length

const metadataToo = ({ inventory }: ClusterView, { passes }: PossibleView, signature: Signature): string => {
  const metadata = metadataAddresses(inventory)
  // Without a node nobody knows whether there is such a service.
  return inventory.platform.provider !== null &&
    metadata !== null &&
    passes(signature, only(4, metadata), TCP_AND_UDP) === 'yes'
    ? '; the node’s metadata service is open to them, too'
    : ''
}
