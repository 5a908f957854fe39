import type { Node, Party, Pod } from './estate.ts'
import { some, tri } from './three.ts'
import { type Json, type Packet, type Platform, SCTP, TCP, type Tri, UDP } from './types.ts'

/** What each dialect is asked: one pod, one direction, one packet. */
export interface Question {
  readonly objects: readonly Json[]
  readonly platform: Platform
  readonly direction: 'egress' | 'ingress'
  /** The pod whose policy is asked. */
  readonly subject: Pod
  /** The other end of the packet. */
  readonly peer: Party
  readonly packet: Packet
}

/** The same of anybody: Calico asks policies of hosts, too. */
export type AnyQuestion = Omit<Question, 'subject'> & { readonly subject: Party }

/** What one additive policy says of the packet. */
export interface Say {
  readonly isolates: boolean
  readonly allows: boolean
  readonly denies: boolean
}

/** One policy, and everything it may turn out to say. */
export interface Opinion {
  readonly policy: string
  readonly says: readonly Say[]
}

export const SILENT: Say = { isolates: false, allows: false, denies: false }

/** Ports are always the destination's: of the peer on egress, of the subject on ingress. */
export const destination = (question: AnyQuestion): Party =>
  question.direction === 'egress' ? question.peer : question.subject

/** The node that the subject runs on is the peer. */
export const isOwnNode = (question: Question): boolean =>
  question.peer.kind === 'node' && question.subject.node !== null && question.peer.name === question.subject.node

export const isOtherNode = (question: Question): question is Question & { readonly peer: Node } =>
  question.peer.kind === 'node' && !isOwnNode(question)

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['TCP', TCP],
  ['UDP', UDP],
  ['SCTP', SCTP],
])

/** The number of a protocol with ports; undefined: another one. */
export const protocolNumber = (name: string): number | undefined => NUMBERS.get(name)

export const isPort = (packet: Packet, from: number, to: number): Tri =>
  packet.port === undefined ? 'unknown' : tri(packet.port >= from && packet.port <= to)

/**
 * Does a port name, under a protocol or any, mean the packet's port on its destination? A name is resolved on the
 * containers of the destination pod; nothing else has named ports.
 */
export const isNamedPort = (question: AnyQuestion, name: string, protocol: string | null): Tri => {
  const to = destination(question)
  if (to.kind !== 'pod' || !to.live) return 'no'
  return some(
    to.ports
      .filter(port => port.name === name && (protocol === null || port.protocol === protocol))
      .filter(port => protocolNumber(port.protocol) === question.packet.protocol)
      .map(port => isPort(question.packet, port.port, port.port)),
  )
}
