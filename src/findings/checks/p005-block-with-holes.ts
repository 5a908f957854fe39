import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { Traffic } from '../../sets/traffic.ts'
import { traffics } from '../../sets/traffic.ts'
import { type Check, hit, several } from '../check.ts'
import { INSIDE } from '../inside-ranges.ts'
import { portsIn } from '../known-traffic.ts'
import type { PossibleView } from '../possible-view.ts'
import { only, opensInternet, outsideOf, packetOf } from '../rule-reach.ts'
import { namesOf, type RuleUse, type Signature } from '../signatures.ts'

export const blockWithHoles: Check = {
  id: 'PST-P005',
  title: 'Rule for the internet that leaves inside ranges open',
  severity: 'medium',
  why: 'A rule for every address with exceptions is meant for the internet. What its exceptions forget is open too: the metadata service of the node, other networks that are peered, the data centre.',
  remedy: 'Put every range that is not the internet into `except`, in both families, or name the destinations.',
  references: [
    'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/',
    'https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml',
  ],
  *run(view) {
    const possible = view.possible()
    for (const { policy, rules } of possible.policies) {
      for (const use of rules) {
        const missed = missedBy(use, possible)
        if (missed.length === 0 || missed.every(({ minor }) => minor)) continue
        const signatures = [...new Set(missed.flatMap(one => one.signatures))]
        const first = missed.find(({ minor }) => !minor)
        yield hit(
          policy,
          `its exceptions leave ${several(
            missed.map(({ text, part }) => (part ? `part of ${text}` : text)),
            6,
          )} open to ${several(namesOf(signatures))}`.replaceAll('`part of ', 'part of `'),
          `add ${several(
            missed.map(({ text }) => text),
            6,
          )} to \`${policy.dialect === 'calico' ? 'notNets' : 'except'}\` in ${policy.ref.kind} \`${policy.ref.name}\``,
          {
            at: use.rule.at,
            witness: first === undefined ? null : packetOf(first.signatures[0], first.addresses, first.traffic),
          },
        )
        break
      }
    }
  },
}

interface Missed {
  readonly text: string
  readonly part: boolean
  readonly minor: boolean
  readonly addresses: Addresses
  readonly traffic: Traffic
  readonly signatures: readonly Signature[]
}

/** Ranges that the rule still holds and that certainly pass; none where it has no exception at all. */
const missedBy = (use: RuleUse, { zones, opens }: PossibleView): readonly Missed[] => {
  const traffic = portsIn(use.rule.traffic.exact)
  const whole = outsideOf(use.rule)
  const internet = opensInternet(use, zones)
  if (traffics.isEmpty(traffic)) return []
  return ([4, 6] as const).flatMap(family => {
    const own = only(family, whole)
    const hasHoles = !bothFamilies.isEmpty(only(family, internet)) && !isFull(family, own)
    return hasHoles
      ? INSIDE.flatMap(({ text, addresses, minor }): readonly Missed[] => {
          const left = bothFamilies.intersect(addresses, own)
          if (bothFamilies.isEmpty(left)) return []
          // The metadata address is often denied elsewhere, and the rest of its block is not.
          const asked = bothFamilies.subtract(left, zones.metadata)
          const signatures = use.uses.filter(one => opens(one, asked, traffic)).map(({ signature }) => signature)
          const part = !bothFamilies.equals(left, addresses)
          return signatures.length === 0
            ? []
            : [{ text, part, minor: minor === true, addresses: asked, traffic, signatures }]
        })
      : []
  })
}

const isFull = (family: 4 | 6, addresses: Addresses): boolean =>
  bothFamilies.isSubset(only(family, bothFamilies.full), addresses)
