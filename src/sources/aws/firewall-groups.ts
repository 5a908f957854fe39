import type { FilterRule } from '../../model/fabric.ts'
import { field, isObject, type Json, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { wordIn } from './item.ts'
import { type Option, optionOf } from './suricata-options.ts'
import { lowerRule, openRules } from './suricata-rule.ts'
import type { Variables } from './suricata-sets.ts'
import { readRules } from './suricata-text.ts'

/**
 * Rules of a stateful group, in their order: text, lists of names, or rules in fields.
 * Source: Network Firewall API Reference, RulesSource, RulesSourceList, StatefulRule.
 */
export const statefulRulesOf = (group: Json, variables: Variables, at: DocumentPath): readonly FilterRule[] => {
  const source = field(group, 'RulesSource')
  const written = text(field(source, 'RulesString')) ?? ''
  const named = field(source, 'RulesSourceList')
  const rules = field(source, 'StatefulRules')
  if (written === '' && !isObject(named) && !Array.isArray(rules))
    return openRules('the rules of a group were not read', at)
  return [
    ...readRules(written).flatMap(rule =>
      rule.kind === 'read' ? lowerRule(rule.value, variables, at) : openRules(rule.why, at),
    ),
    ...(isObject(named) ? rulesOfNames(named, variables, at) : []),
    ...list(rules).flatMap(rule => ruleOfFields(rule, variables, at)),
  ]
}

/** Source: Network Firewall API Reference, StatefulRule, Header, RuleOption. */
const ruleOfFields = (rule: Json, variables: Variables, at: DocumentPath): readonly FilterRule[] => {
  const header = field(rule, 'Header')
  const direction = wordIn(header, 'Direction')
  const [action, protocol] = [wordIn(rule, 'Action'), wordIn(header, 'Protocol')]
  const [source, sourcePort, destination, destinationPort] = (
    ['Source', 'SourcePort', 'Destination', 'DestinationPort'] as const
  ).map(key => wordIn(header, key))
  if (!action || !protocol || !source || !sourcePort || !destination || !destinationPort || !direction)
    return openRules('a rule of a group lacks a field, or has one that is no text', at)
  const options = list(field(rule, 'RuleOptions')).map(optionIn)
  const isBothWays = direction === 'ANY'
  const written = { action, protocol, source, sourcePort, isBothWays, destination, destinationPort, options }
  return lowerRule(written, variables, at)
}

/** The keyword may hold its value; else it stands beside it. */
const optionIn = (option: Json): Option =>
  optionOf(
    [
      wordIn(option, 'Keyword') ?? 'unknown',
      list(field(option, 'Settings'))
        .flatMap(one => text(one) ?? [])
        .join(','),
    ]
      .filter(part => part !== '')
      .join(':'),
  )

/**
 * Names of HTTP or TLS, from `HOME_NET` to `EXTERNAL_NET` alone. A list of what is allowed also drops the rest of these protocols, and
 * nothing of others. Source: Network Firewall Developer Guide, “Stateful domain list rule groups”, and the rules that “Examples of
 * stateful rules” shows for one; API Reference, RulesSourceList.
 */
const rulesOfNames = (named: Json, variables: Variables, at: DocumentPath): readonly FilterRule[] => {
  const kind = wordIn(named, 'GeneratedRulesType')
  const [types, targets] = [list(field(named, 'TargetTypes')), list(field(named, 'Targets'))]
  const action = ACTIONS[kind ?? '']
  if (action === undefined || types.length === 0 || targets.some(one => typeof one !== 'string'))
    return openRules('a list of names cannot be read', at)
  const from = (written: string, protocol: string, options: readonly Option[]): readonly FilterRule[] =>
    lowerRule(
      {
        action: written,
        protocol,
        source: '$HOME_NET',
        sourcePort: 'any',
        isBothWays: false,
        destination: '$EXTERNAL_NET',
        destinationPort: 'any',
        options: [...options, { keyword: 'flow', value: 'to_server, established' }],
      },
      variables,
      at,
    )
  const buffers = types.map(type => BUFFERS[text(type) ?? ''])
  if (buffers.includes(undefined)) return openRules('a list of names is about a protocol that is not known', at)
  const all = buffers.flatMap(buffer => (buffer === undefined ? [] : [buffer]))
  return [
    ...all.flatMap(([protocol, keyword]) =>
      targets.flatMap(target => from(action, protocol, [{ keyword, value: '' }, ...optionsOf(String(target))])),
    ),
    ...(kind === 'ALLOWLIST' ? all.flatMap(([protocol]) => from('drop', protocol, [])) : []),
  ]
}

/** `.example.com` is the name itself and all below it. */
const optionsOf = (target: string): readonly Option[] => [
  { keyword: 'content', value: target },
  { keyword: target.startsWith('.') ? 'dotprefix' : 'startswith', value: '' },
  { keyword: 'endswith', value: '' },
]

const ACTIONS: Readonly<Record<string, string | undefined>> = {
  __proto__: null as never,
  ALLOWLIST: 'pass',
  DENYLIST: 'drop',
  REJECTLIST: 'reject',
  ALERTLIST: 'alert',
}

const BUFFERS: Readonly<Record<string, readonly [string, string] | undefined>> = {
  __proto__: null as never,
  TLS_SNI: ['tls', 'tls.sni'],
  HTTP_HOST: ['http', 'http.host'],
}
