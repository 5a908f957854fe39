import type { Controlled } from '../../../model/access.ts'
import { isObject, type Json } from '../../../model/json.ts'

/** Words by which a rule shows what it looks at; a rule that mentions none of them is not about a way out. */
const WORDS: readonly (readonly [RegExp, Controlled])[] = [
  [/hostNetwork|host-network|hostnamespaces?|host-namespaces?/i, 'hostNetwork'],
  [/hostPID|host-pid|hostnamespaces?|host-namespaces?/i, 'hostPID'],
  [/hostIPC|host-ipc|hostnamespaces?|host-namespaces?/i, 'hostIPC'],
  [/privileged/i, 'privileged'],
  [/capabilities/i, 'capabilities'],
  [/hostPath|host-path|hostfilesystem/i, 'hostPath'],
  [/hostPort|host-ports/i, 'hostPort'],
  [/NodePort/i, 'nodePorts'],
  [/LoadBalancer/i, 'loadBalancers'],
  [/externalIPs?/i, 'externalIPs'],
]

export const controlsIn = (rule: string): readonly Controlled[] =>
  WORDS.filter(([word]) => word.test(rule)).map(([, what]) => what)

/** The text of a rule without what it only says to people. */
export const ruleText = (rule: Json | undefined): string =>
  JSON.stringify(rule ?? null, (key, value) => (key === 'message' || key === 'messageExpression' ? undefined : value))

/** Is there something in it? An empty list or object is nothing. */
export const isSaid = (value: Json | undefined): boolean =>
  value !== undefined &&
  value !== null &&
  (Array.isArray(value) ? value.length > 0 : !isObject(value) || Object.keys(value).length > 0)
