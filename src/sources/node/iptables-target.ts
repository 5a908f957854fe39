import type {
  AddressItem,
  FirewallEffect,
  FirewallVerdict,
  NumberSpan,
  Translation,
} from '../../model/node-firewall.ts'
import { parseAddress, parsePrefix, rangeItem } from './address.ts'
import { markAndMask, type Option, portList } from './iptables-match.ts'
import { portNumber } from './reading.ts'

export interface Target {
  readonly verdict: FirewallVerdict
  readonly effects: readonly FirewallEffect[]
}

/**
 * `-j NAME` with its options. A name that is no target of iptables is a chain of the user's, which `chains` tells.
 * Source: iptables-extensions(8), 1.8.9.
 */
export const readTarget = (
  name: string,
  options: readonly Option[],
  go: boolean,
  chains: ReadonlySet<string>,
  text: string,
): Target => {
  const only = (verdict: FirewallVerdict): Target => ({ verdict, effects: [] })
  const effect = (found: FirewallEffect): Target => ({ verdict: { kind: 'continue' }, effects: [found] })
  const value = (option: string): string | undefined => options.find(entry => entry.name === option)?.values[0]
  const opaque = (side: 'source' | 'destination' | null): Translation => ({ kind: 'untold', side, text })
  if (chains.has(name)) return only({ kind: go ? 'goto' : 'jump', chain: name })
  switch (name) {
    case 'ACCEPT':
      return only({ kind: 'accept' })
    case 'DROP':
      return only({ kind: 'drop' })
    case 'RETURN':
      return only({ kind: 'return' })
    case 'REJECT':
      return only({ kind: 'reject', with: value('--reject-with') ?? null })
    case 'MASQUERADE': {
      const ports = spanOf(value('--to-ports'))
      const translation: Translation = ports === undefined ? opaque('source') : { kind: 'masquerade', ports }
      return only({ kind: 'translate', translation })
    }
    case 'REDIRECT': {
      const ports = spanOf(value('--to-ports'))
      const translation: Translation = ports === undefined ? opaque('destination') : { kind: 'redirect', ports }
      return only({ kind: 'translate', translation })
    }
    case 'SNAT':
      return only({ kind: 'translate', translation: endpoints('source', options, '--to-source') ?? opaque('source') })
    case 'DNAT':
      return only({
        kind: 'translate',
        translation: endpoints('destination', options, '--to-destination') ?? opaque('destination'),
      })
    case 'NETMAP': {
      const to = parsePrefix(value('--to') ?? '')
      return only({ kind: 'translate', translation: to === null ? opaque(null) : { kind: 'network', to } })
    }
    case 'TPROXY': {
      const address = parseAddress(value('--on-ip') ?? '')
      const here = address === null || address.bytes.every(byte => byte === 0)
      const mark = setMark('packet', value('--tproxy-mark'))
      const port = portNumber(value('--on-port') ?? '')
      return {
        verdict: { kind: 'proxy', address: here ? null : address.text, port },
        effects: mark === null ? [] : [mark],
      }
    }
    case 'MARK':
    case 'CONNMARK':
      return effect(markEffect(name === 'MARK' ? 'packet' : 'connection', options, text))
    case 'LOG':
    case 'NFLOG':
    case 'TRACE':
      return effect({ kind: 'log', text })
    case 'NOTRACK':
      return effect({ kind: 'untracked' })
    case 'CT':
      return effect(
        options.length === 1 && options[0]?.name === '--notrack' ? { kind: 'untracked' } : { kind: 'unknown', text },
      )
    default:
      return CONTINUE.has(name) ? effect({ kind: 'unknown', text }) : only({ kind: 'unknown', text })
  }
}

/** Targets after which the next rule is asked, and that have no neutral word. */
const CONTINUE = new Set([
  ...['CHECKSUM', 'CLASSIFY', 'CONNSECMARK', 'SECMARK', 'DSCP', 'ECN', 'HL', 'TTL', 'TOS', 'HMARK', 'IDLETIMER', 'LED'],
  ...['RATEEST', 'SET', 'TCPMSS', 'TCPOPTSTRIP', 'TEE', 'AUDIT', 'ULOG'],
])

const spanOf = (text: string | undefined): NumberSpan | null | undefined =>
  text === undefined ? null : (portList(text)?.[0] ?? undefined)

/** `10.0.0.1`, `10.0.0.1-10.0.0.4:80-90`, `:80`, `[2001:db8::1]:80`; given several times in old rules. */
const endpoints = (kind: 'source' | 'destination', options: readonly Option[], name: string): Translation | null => {
  const told = options.filter(option => option.name === name)
  const targets = told.map(({ values }) => endpoint(values[0] ?? ''))
  const found = targets.filter(target => target !== null)
  return found.length > 0 && found.length === targets.length ? { kind, targets: found } : null
}

const endpoint = (text: string) => {
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*(?::[^:[\]]*){2,}|[^:[\]]*))(?::(\d+(?:-\d+)?)(?:\/\d+)?)?$/.exec(text)
  if (parts === null) return null
  const host = parts[1] ?? parts[2] ?? ''
  const ports = parts[3] === undefined ? null : (portList(parts[3])?.[0] ?? null)
  if (parts[3] !== undefined && ports === null) return null
  const [first = '', last] = host.split('-')
  const address: AddressItem | null =
    host === '' ? null : last === undefined ? parsePrefix(first) : rangeItem(first, last)
  if (host !== '' && (address === null || address.kind === 'unknown')) return null
  return host === '' && ports === null ? null : { when: [], address, ports }
}

/** Every change of a mark is `(mark & keep) ^ toggle`. */
const markEffect = (subject: 'packet' | 'connection', options: readonly Option[], text: string): FirewallEffect => {
  const [option] = options
  const value = option?.values[0]
  if (option?.name === '--set-xmark') return setMark(subject, value) ?? { kind: 'unknown', text }
  if (option?.name === '--save-mark' || option?.name === '--restore-mark') {
    const nf = markAndMask(options.find(({ name }) => name === '--nfmask')?.values[0] ?? '0xffffffff')
    const ct = markAndMask(options.find(({ name }) => name === '--ctmask')?.values[0] ?? '0xffffffff')
    const to = option.name === '--save-mark' ? 'connection' : 'packet'
    if (subject === 'connection' && nf !== null && nf.value === ct?.value)
      return { kind: 'copyMark', to, mask: nf.value }
  }
  return { kind: 'unknown', text }
}

/** `value/mask`: the bits of the mask are cleared, then the value is toggled. */
const setMark = (subject: 'packet' | 'connection', text: string | undefined): FirewallEffect | null => {
  const mark = text === undefined ? null : markAndMask(text)
  return mark === null ? null : { kind: 'mark', subject, keep: ~mark.mask >>> 0, toggle: mark.value }
}
