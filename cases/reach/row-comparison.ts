import assert from 'node:assert/strict'
import { possibleIn } from '../../src/app/possible.ts'
import type { Profile } from '../../src/model/profile.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { A_PROXY_DECIDES } from '../oracle/cilium.ts'
import { CONSTRUCTS, constructName, generateWorld } from '../oracle/generate.ts'
import { ODD_BLOCKS, UNREADABLE_BLOCKS } from '../oracle/generate-values.ts'
import { judge } from '../oracle/judge.ts'
import type { Json, Packet, Platform, Verdict } from '../oracle/types.ts'
import { loaded } from './estate.ts'
import { rowJudge } from './packets.ts'
import { AGENT, platformOf } from './platform.ts'

type Dialects = Parameters<typeof generateWorld>[1]

interface Tally {
  compared: number
  open: number
  /** The row says `unknown` where the second evaluator, which sees one packet, can tell. */
  less: number
}

/**
 * What a row says for certain must be so, always. And it must not say `unknown` without need: where the second evaluator can
 * tell and the row cannot, the row's line must really hold packets with different answers.
 */
export const compareRows = (seeds: number, dialects: Dialects, profiles: readonly string[]): void => {
  const counts = new Map<string, number>()
  const tally: Tally = { compared: 0, open: 0, less: 0 }
  for (let seed = 1; seed <= seeds; seed++) {
    const { world, packets, constructs } = generateWorld(seed, dialects)
    for (const construct of constructs) counts.set(construct, (counts.get(construct) ?? 0) + 1)
    for (const name of profiles) {
      compareOn(name, `seed ${seed}`, world.objects, packets, false, tally)
      // A row tells no families of one pod or node apart: where there is one family, it must be exact.
      const family = seed % 2 === 0 ? 4 : 6
      compareOn(
        name,
        `seed ${seed}, IPv${family}`,
        inFamily(world.objects, family),
        packets.filter(packet => packet.protocol !== (family === 4 ? 58 : 1)),
        true,
        tally,
      )
    }
  }
  const { compared, open, less } = tally
  console.log(`${compared} packets, of which ${open} open to both and ${less} to the row only`)
  console.log(
    [...counts]
      .sort()
      .map(([construct, times]) => `${construct} ${times}`)
      .join('; '),
  )
  for (const group of ['estate', ...dialects] as const)
    for (const construct of CONSTRUCTS[group])
      assert.ok(counts.has(constructName(group, construct)), `never made: ${group} ${construct}`)
}

const compareOn = (
  name: string,
  where: string,
  objects: readonly Json[],
  packets: readonly Packet[],
  isExact: boolean,
  tally: Tally,
): void => {
  const named = profileNamed(name)
  assert.ok(named)
  // As an implementation of the policy API would have it, where the profile's plugin has none.
  const profile: Profile = {
    ...named,
    dialects: { ...named.dialects, 'policy-api': 'yes' },
    blocks: { ...named.blocks, 'policy-api': { pods: 'yes', nodes: 'yes' } },
  }
  const { estate } = loaded({
    'world.json': JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: name === 'cilium' ? [...objects, AGENT] : objects,
    }),
  })
  const [possible] = possibleIn(estate, { profile, compat: null })
  assert.ok(possible)
  const row = rowJudge(possible)
  // What `toRequires` takes from other rules hangs on the version: the engine lets it take from all of them.
  const hasRequirements = /(to|from)Requires/.test(JSON.stringify(objects))
  const platform = platformIn(profile)
  const isCoarse = hasRequirements || isCoarseInCalico(objects)
  const verdictOf = (packet: Packet): Verdict => judge({ objects, platform }, packet).verdict
  /** What a proxy decides by what is inside a connection, a row allows: the connection may be made. */
  const isProxied = (packet: Packet): boolean => judge({ objects, platform }, packet).why.includes(A_PROXY_DECIDES)
  for (const packet of packets) {
    if (isToItself(packet) || !isSendable(objects, packet)) continue
    const ours = row(packet)
    if (ours === null) continue
    const theirs = verdictOf(packet)
    tally.compared++
    if (theirs === 'unknown') tally.open++
    if (ours === theirs || (ours === 'allowed' && theirs === 'unknown' && isProxied(packet))) continue
    const told = `${where} on ${name}: ${JSON.stringify(packet)} is ${ours} in the row and ${theirs} by the documents: ${judge({ objects, platform }, packet).why}`
    assert.equal(ours, 'unknown', told)
    tally.less++
    if (!isExact || isSymbolic(objects, packet) || isCoarse) continue
    // Which name led to an address is not in the row.
    const { to } = packet
    const line: Packet = to.kind === 'address' ? { ...packet, to: { kind: 'address', address: to.address } } : packet
    assert.equal(verdictOf(line), 'unknown', told)
  }
}

/** Calico itself puts the policies of every dialect in an order of its own. */
const platformIn = (profile: Profile): Platform => {
  const platform = platformOf(profile)
  return { ...platform, enforces: { ...platform.enforces, calico: profile.id.startsWith('calico-') } }
}

const hasOneOf = (written: Json, blocks: readonly string[]): boolean =>
  blocks.some(block => JSON.stringify(written).includes(`"${block}"`))

const calicoPoliciesOf = (objects: readonly Json[]): readonly Json[] =>
  objects.filter(one => /^(crd\.)?projectcalico\.org\//.test(String(fieldOf(one, 'apiVersion'))))

/**
 * The engine says `unknown` for more packets than it must, in Calico's policies: of a policy with a net that cannot be read
 * all rules are open, it looks at names of service accounts as a whole only, port names that are left out stay open, and so
 * does, of several tiers without an order, which of them an old agent puts last. And it knows that Calico's API refuses nets
 * with host bits, which the second evaluator takes.
 */
const isCoarseInCalico = (objects: readonly Json[]): boolean => {
  const documents = calicoPoliciesOf(objects)
  const unordered = documents.filter(
    one => fieldOf(one, 'kind') === 'Tier' && fieldOf(one, 'spec', 'order') === undefined,
  )
  return (
    unordered.length > 1 ||
    documents.some(policy => {
      const accounts = fieldOf(policy, 'spec', 'serviceAccountSelector')
      const written = JSON.stringify(fieldOf(policy, 'spec') ?? null)
      return (
        (typeof accounts === 'string' && /contains|starts|ends/.test(accounts)) ||
        hasOneOf(policy, UNREADABLE_BLOCKS) ||
        hasOneOf(policy, ODD_BLOCKS) ||
        /"notPorts":\[[^\]]*"[a-z]+"/.test(written)
      )
    })
  )
}

/** A Calico rule may ask for the sender's own address: a packet of a family that the sender has no address of is no packet. */
const isSendable = (objects: readonly Json[], { from, to }: Packet): boolean => {
  if (from.kind !== 'pod' || to.kind !== 'address' || calicoPoliciesOf(objects).length === 0) return true
  const pod = objects.find(
    one =>
      fieldOf(one, 'kind') === 'Pod' &&
      fieldOf(one, 'metadata', 'name') === from.name &&
      fieldOf(one, 'metadata', 'namespace') === from.namespace,
  )
  const addresses = (fieldOf(pod, 'status', 'podIPs') ?? []) as readonly Json[]
  return addresses.some(one => String(fieldOf(one, 'ip')).includes(':') === to.address.includes(':'))
}

/** One line stands for all nodes, and the node of a pod on the host network is not known. */
const isSymbolic = (objects: readonly Json[], { from, to }: Packet): boolean =>
  to.kind === 'node' || isOnHost(objects, from) || isOnHost(objects, to)

const isOnHost = (objects: readonly Json[], end: Packet['to']): boolean =>
  end.kind === 'pod' &&
  objects.some(
    one =>
      fieldOf(one, 'kind') === 'Pod' &&
      fieldOf(one, 'metadata', 'name') === end.name &&
      fieldOf(one, 'metadata', 'namespace') === end.namespace &&
      fieldOf(one, 'spec', 'hostNetwork') === true,
  )

/** The same world with the addresses of one family only. */
const inFamily = (objects: readonly Json[], family: 4 | 6): readonly Json[] => {
  const isOf = (address: Json | undefined): boolean => String(address).includes(':') === (family === 6)
  return objects.flatMap((object): readonly Json[] => {
    const kind = fieldOf(object, 'kind')
    const status = (fieldOf(object, 'status') ?? {}) as { readonly [key: string]: Json }
    const whole = object as { readonly [key: string]: Json }
    if (kind === 'Node') {
      const addresses = (status['addresses'] ?? []) as readonly Json[]
      const kept = addresses.filter(one => fieldOf(one, 'type') === 'Hostname' || isOf(fieldOf(one, 'address')))
      return [{ ...whole, status: { ...status, addresses: kept } }]
    }
    if (kind !== 'Pod' || !Array.isArray(status['podIPs'])) return [object]
    const podIPs = status['podIPs'].filter(one => isOf(fieldOf(one, 'ip')))
    return podIPs.length === 0
      ? []
      : [{ ...whole, status: { ...status, podIPs, podIP: String(fieldOf(podIPs[0], 'ip')) } }]
  })
}

const fieldOf = (value: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let here = value
  for (const key of path)
    here =
      typeof here === 'object' && here !== null && !Array.isArray(here)
        ? (here as { [key: string]: Json })[key]
        : undefined
  return here
}

const isToItself = ({ from, to }: Packet): boolean =>
  from.kind === 'pod' && to.kind === 'pod' && from.namespace === to.namespace && from.name === to.name
