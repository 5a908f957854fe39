import assert from 'node:assert/strict'
import { judge } from './judge.ts'
import type { End, Json, Packet, Platform, Verdict } from './types.ts'

/** A small world for hand-made cases: short ways to write its objects, and one check. */

type Fields = { readonly [key: string]: Json }

export const namespace = (name: string, labels: Fields = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
})

export const node = (name: string, addresses: readonly string[], labels: Fields = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: { addresses: addresses.map(address => ({ type: 'InternalIP', address })) },
})

interface PodFacts {
  readonly labels?: Fields
  readonly ips?: readonly string[]
  readonly node?: string
  readonly ports?: readonly Json[]
  readonly phase?: string
  readonly hostNetwork?: boolean
}

/** `a/web`: namespace and name. */
export const pod = (id: string, facts: PodFacts = {}): Json => {
  const [namespace = '', name = ''] = id.split('/')
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: facts.labels ?? { app: name } },
    spec: {
      nodeName: facts.node ?? 'n1',
      ...(facts.hostNetwork === true ? { hostNetwork: true } : {}),
      containers: [{ name: 'main', ports: facts.ports ?? [] }],
    },
    status: { phase: facts.phase ?? 'Running', podIPs: (facts.ips ?? []).map(ip => ({ ip })) },
  }
}

/** Namespaces a (team x) and b (team y), each with pods web and db; two nodes, one more pod on a node's network. */
export const SMALL: readonly Json[] = [
  namespace('a', { team: 'x' }),
  namespace('b', { team: 'y' }),
  node('n1', ['192.168.0.1', 'fd00:1::1'], { pool: 'main' }),
  node('n2', ['192.168.0.2', 'fd00:1::2'], { pool: 'edge' }),
  pod('a/web', { ips: ['10.0.0.1'], ports: [{ name: 'http', containerPort: 8080 }] }),
  pod('a/db', { ips: ['10.0.0.2', 'fd00:a::2'], ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }] }),
  pod('b/web', { ips: ['10.0.0.3'], node: 'n2', ports: [{ name: 'http', containerPort: 53, protocol: 'UDP' }] }),
  pod('b/db', { ips: ['10.0.0.4', 'fd00:a::4'], node: 'n2' }),
  pod('b/agent', { ips: ['192.168.0.2'], node: 'n2', hostNetwork: true }),
]

/** Nothing is left open: the cases change what they are about. */
export const PLATFORM: Platform = {
  enforces: { kubernetes: true, policyApi: false, cilium: false },
  blockMatchesPods: 'no',
  blockMatchesNodes: 'no',
  ciliumCidrMatchesPods: false,
  ciliumCidrMatchesNodes: false,
  isolation: { sctp: 'denied', icmp: 'denied', others: 'denied' },
  ownNode: 'policy',
  fromOwnNode: 'policy',
  dnsProxy: true,
}

export const POLICY_API: Platform = { ...PLATFORM, enforces: { kubernetes: true, policyApi: true, cilium: false } }
export const CILIUM: Platform = { ...PLATFORM, enforces: { kubernetes: true, policyApi: false, cilium: true } }

/** `a/web` is a pod, `n1` a node, anything else an address. */
export const end = (text: string): End => {
  if (/^n\d$/.test(text)) return { kind: 'node', name: text }
  const [namespace = '', name] = text.split('/')
  return name === undefined ? { kind: 'address', address: text, resolvedFrom: null } : { kind: 'pod', namespace, name }
}

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, gre: 47, icmpv6: 58, sctp: 132 }

/** `a/web > 192.0.2.1 tcp 443`; for ICMP the type; with a name at the end, the address was resolved from it. */
export const packet = (text: string): Packet => {
  const [from = '', , to = '', protocol = 'tcp', number, name] = text.split(' ')
  const last = number === undefined ? undefined : Number(number)
  const aimed = end(to)
  const isIcmp = protocol.startsWith('icmp')
  return {
    from: end(from),
    to:
      aimed.kind !== 'address' || name === undefined
        ? aimed
        : name === '?'
          ? { kind: 'address', address: aimed.address }
          : { ...aimed, resolvedFrom: name },
    protocol: PROTOCOLS[protocol] ?? 0,
    ...(last === undefined ? {} : isIcmp ? { type: last, code: 0 } : { port: last }),
  }
}

/** Each line is a packet and its verdict. */
export const check = (
  objects: readonly Json[],
  platform: Platform,
  expected: Readonly<Record<string, Verdict>>,
): void => {
  for (const [line, verdict] of Object.entries(expected)) {
    const judgement = judge({ objects, platform }, packet(line))
    assert.equal(judgement.verdict, verdict, `${line}: ${judgement.why}`)
  }
}
