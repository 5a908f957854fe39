import type { AdmissionControl, Admitted, Controlled } from '../../../model/access.ts'
import { at, field, type Json, list, text, texts } from '../../../model/json.ts'
import { type ApiObject, lowerSelector, sourced } from '../object.ts'
import { selectsObjects } from './admission-policy.ts'
import { both, doubtful, everywhere, except, labelled, named, nowhere, type Scope } from './scope.ts'
import { NOTHING_DENIED, unsure, verdictsOf } from './verdicts.ts'
import type { Gate } from './webhooks.ts'
import { controlsIn, isSaid } from './words.ts'

/** What a known template looks at, and whether these parameters let some of it pass. null: its parameters decide. */
type Template = (parameters: Json | undefined) => ReadonlyMap<Controlled, boolean | null>

const always =
  (...what: readonly Controlled[]): Template =>
  () =>
    new Map(what.map(one => [one, true]))

/** Parameters that list exceptions; an empty one excepts nothing. */
const unless =
  (what: readonly Controlled[], ...parameters: readonly string[]): Template =>
  given => {
    const excepts = parameters.some(name => isSaid(field(given, name)))
    return new Map(what.map(one => [one, excepts ? null : true]))
  }

const AZURE_EXCEPTIONS = ['excludedContainers', 'excludedImages']

/** Only its parameters, which are lists of what is allowed, say how much it denies. */
const byList =
  (what: Controlled): Template =>
  () =>
    new Map([[what, null]])

/** Ports within a range pass, and excluded containers are not looked at. */
const hostNetworkingPorts: Template = given => {
  const found = new Map<Controlled, boolean | null>([['hostPort', null]])
  const excepts = AZURE_EXCEPTIONS.some(name => isSaid(field(given, name)))
  if (field(given, 'hostNetwork') !== true && field(given, 'allowHostNetwork') !== true)
    found.set('hostNetwork', excepts ? null : true)
  return found
}

/**
 * Templates by the exact kind of their constraints. What is not here may be anybody's, whatever it is called.
 * Source: open-policy-agent.github.io/gatekeeper-library (pod-security-policy, general), 2026; Azure Policy's built-in
 * definitions for Kubernetes, whose kinds carry the version of their template (`K8sAzureV3HostNetworkingPorts`).
 */
const TEMPLATES: ReadonlyMap<string, Template> = new Map([
  ['K8sPSPHostNamespace', always('hostPID', 'hostIPC')],
  ['K8sPSPHostNetworkingPorts', hostNetworkingPorts],
  ['K8sPSPPrivilegedContainer', unless(['privileged'], 'exemptImages')],
  ['K8sPSPCapabilities', byList('capabilities')],
  ['K8sPSPHostFilesystem', byList('hostPath')],
  ['K8sBlockNodePort', always('nodePorts')],
  ['K8sBlockLoadBalancer', always('loadBalancers')],
  ['K8sExternalIPs', unless(['externalIPs'], 'allowedIPs')],
  ['K8sAzureBlockHostNamespace', unless(['hostPID', 'hostIPC'], ...AZURE_EXCEPTIONS)],
  ['K8sAzureHostNetworkingPorts', hostNetworkingPorts],
  ['K8sAzureContainerNoPrivilege', unless(['privileged'], ...AZURE_EXCEPTIONS)],
  ['K8sAzureNoPrivilege', unless(['privileged'], ...AZURE_EXCEPTIONS)],
  ['K8sAzurePrivilegedContainer', unless(['privileged'], ...AZURE_EXCEPTIONS)],
  ['K8sAzureAllowedCapabilities', byList('capabilities')],
  ['K8sAzureContainerAllowedCapabilities', byList('capabilities')],
  ['K8sAzureDisallowedCapabilities', byList('capabilities')],
  ['K8sAzureHostFilesystem', byList('hostPath')],
  // An internal load balancer passes: what it denies is the public one.
  ['K8sAzureLoadBalancerNoPublicIPs', always('loadBalancers')],
  ['K8sAzureExternalIPs', unless(['externalIPs'], 'allowedExternalIPs')],
])

/** The template of a kind; Azure's versions of one template share it. */
const templateOf = (kind: string): Template | undefined =>
  TEMPLATES.get(kind.replace(/^K8sAzureV\d+(?=[A-Z])/, 'K8sAzure'))

const POINT = 'validation.gatekeeper.sh'

/** Does it deny at the webhook? null: by another enforcement point, which is not followed. */
const enforcesAtWebhook = (spec: Json | undefined): boolean | null => {
  const action = text(field(spec, 'enforcementAction')) ?? 'deny'
  if (action !== 'scoped') return action === 'deny'
  const denying = list(field(spec, 'scopedEnforcementActions')).filter(entry => text(field(entry, 'action')) === 'deny')
  if (denying.length === 0) return false
  const points = denying
    .flatMap(entry => list(field(entry, 'enforcementPoints')))
    .map(point => text(field(point, 'name')))
  if (points.some(point => point === POINT || point === '*')) return true
  return points.every(point => point === 'audit.gatekeeper.sh' || point === 'gator.gatekeeper.sh') ? false : null
}

/** Namespaces that Gatekeeper itself was told to leave alone; only the object of this name counts. */
export const configuredScope = (configs: readonly ApiObject[]): Scope =>
  both(
    ...configs
      .filter(config => config.ref.name === 'config')
      .flatMap(config => list(field(config.spec, 'match')))
      .filter(entry => texts(field(entry, 'processes')).some(process => process === '*' || process === 'webhook'))
      .map(entry => texts(field(entry, 'excludedNamespaces')))
      .filter(names => names.length > 0)
      .map(names => except(named(names))),
  )

/** A Gatekeeper constraint: what it looks at is known from its template's kind, and else guessed from the kind's words. */
export const lowerGatekeeper = (object: ApiObject, gate: Gate, configured: Scope): readonly AdmissionControl[] => {
  const { spec } = object
  const known = templateOf(object.ref.kind)?.(field(spec, 'parameters'))
  const verdicts =
    known === undefined
      ? verdictsOf(controlsIn(object.ref.kind), () => null)
      : verdictsOf([...known.keys()], what => (known.has(what) ? (known.get(what) ?? null) : false))
  if (verdicts.controls.length === 0) return []
  const enforces = enforcesAtWebhook(spec)
  const action = text(field(spec, 'enforcementAction')) ?? 'deny'
  const control: AdmissionControl = {
    ...sourced(object),
    engine: 'Gatekeeper',
    ...verdicts,
    enforces: true,
    why: verdicts.mayDeny.length > 0 ? 'its parameters decide' : null,
    lacks: null,
    action,
    judges: (namespace, what) => both(matchScope(field(spec, 'match'), what), configured, gate.scope(what))(namespace),
    failOpen: gate.failOpen(verdicts.controls.some(isOfServices) ? 'services' : 'pods'),
    serves: null,
  }
  if (enforces === false)
    return [{ ...control, ...NOTHING_DENIED, why: `its action is \`${action}\``, lacks: 'action' }]
  if (enforces === null) return [unsure(control, 'it is enforced elsewhere than at the webhook, which is not followed')]
  return [
    known === undefined ? unsure(control, `what the template \`${object.ref.kind}\` denies is not evaluated`) : control,
  ]
}

const isOfServices = (what: Controlled): boolean =>
  what === 'nodePorts' || what === 'loadBalancers' || what === 'externalIPs'

/** Source: open-policy-agent.github.io/gatekeeper, "Constraints", the match field. All of its parts must hold. */
const matchScope = (match: Json | undefined, what: Admitted): Scope => {
  const kind = what === 'pods' ? 'Pod' : 'Service'
  const kinds = list(field(match, 'kinds'))
  const takesKind = kinds.some(
    entry => accepts(texts(field(entry, 'apiGroups')), '') && accepts(texts(field(entry, 'kinds')), kind),
  )
  if (kinds.length > 0 && !takesKind) return nowhere
  if (text(field(match, 'scope')) === 'Cluster') return nowhere
  const narrow =
    selectsObjects(at(match, 'labelSelector')) ||
    !['', '*', undefined].includes(text(field(match, 'name'))) ||
    isSaid(field(match, 'source'))
  return both(
    named(texts(field(match, 'namespaces'))),
    isSaid(field(match, 'excludedNamespaces')) ? except(named(texts(field(match, 'excludedNamespaces')))) : everywhere,
    labelled(lowerSelector(field(match, 'namespaceSelector'))),
    narrow ? doubtful('it selects by names or labels, which the author of an object writes') : everywhere,
  )
}

/** An absent list is any; so is a star. */
const accepts = (given: readonly string[], wanted: string): boolean =>
  given.length === 0 || given.includes('*') || given.includes(wanted)
