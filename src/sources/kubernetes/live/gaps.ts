import type { Gap } from '../../../model/coverage.ts'
import type { Failure, Outcome } from './reply.ts'

/** The words for a read that did not happen: who could not be read, why, and what would settle it. */
export interface Whose {
  readonly cluster: string
  readonly context: string
  readonly server: string
}

type Trouble = Exclude<Outcome, { kind: 'ok' }>

const WHY: Readonly<Record<Failure['reason'], string>> = {
  network: 'cannot be reached',
  timeout: 'does not answer in time',
  tls: 'shows a certificate that is not trusted',
  login: 'cannot be logged in to',
  protocol: 'does not answer like an API server',
}

const SETTLE: Readonly<Record<Failure['reason'], string>> = {
  network: 'check the address and the way to it',
  timeout: 'check the address and the way to it',
  tls: 'check `certificate-authority` and `tls-server-name` of the cluster in the kubeconfig',
  login: 'check the user of the context in the kubeconfig',
  protocol: 'check that the address is an API server and not a proxy in front of it',
}

/** The whole cluster is missing. */
export const clusterGap = (whose: Whose, trouble: Trouble): Gap => {
  const try_ = `try \`kubectl --context ${whose.context} version\``
  if (trouble.kind === 'failed') {
    return {
      cluster: whose.cluster,
      resource: null,
      why: `cluster \`${whose.cluster}\` at \`${whose.server}\` ${WHY[trouble.reason]}: ${trouble.message}`,
      settledBy: `${SETTLE[trouble.reason]}, then ${try_}`,
    }
  }
  const refused = trouble.status === 401 ? 'does not accept the credentials of' : `answers ${trouble.status} to`
  return {
    cluster: whose.cluster,
    resource: null,
    why: `cluster \`${whose.cluster}\` ${refused} context \`${whose.context}\`: ${trouble.message}`,
    settledBy: trouble.status === 401 ? `log in again, then ${try_}` : try_,
  }
}

/** One resource is missing, or its rest is. `read` counts the objects that were read before. */
export const resourceGap = (
  whose: Whose,
  name: string,
  namespace: string | null,
  trouble: Trouble,
  read: number,
): Gap => {
  const where = namespace === null ? '' : ` in namespace \`${namespace}\``
  const broke = read === 0 ? '' : `, after ${read} of them`
  const gap = { cluster: whose.cluster, resource: name }
  if (trouble.kind === 'refused' && trouble.status === 403) {
    return {
      ...gap,
      why: `context \`${whose.context}\` may not list \`${name}\`${where} in cluster \`${whose.cluster}\`${broke}`,
      settledBy: `grant ${ruleFor(name)}, as deploy/rbac/clusterrole.yaml does`,
    }
  }
  const why =
    trouble.kind === 'failed'
      ? `the API server ${WHY[trouble.reason]}: ${trouble.message}`
      : `the API server answers ${trouble.status}: ${trouble.message}`
  return {
    ...gap,
    why: `\`${name}\`${where} of cluster \`${whose.cluster}\` cannot be read${broke}: ${why}`,
    settledBy: 'read the cluster again',
  }
}

/** The rule to add, in RBAC's own words. */
const ruleFor = (name: string): string => {
  const dot = name.indexOf('.')
  const [plural, group] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)]
  return `\`{ apiGroups: ["${group}"], resources: ["${plural}"], verbs: ["list"] }\``
}

export const configMapGap = (whose: Whose, names: readonly string[], known: boolean): Gap => {
  const some = names.slice(0, 5).map(name => `\`${name}\``)
  const more = names.length > some.length ? ` and ${names.length - some.length} more` : ''
  return {
    cluster: whose.cluster,
    resource: 'configmaps',
    why: `context \`${whose.context}\` may not get the ConfigMaps ${some.join(', ')}${more} in cluster \`${whose.cluster}\``,
    settledBy: known
      ? 'grant `get` on `configmaps` with these names, as deploy/rbac/clusterrole.yaml does'
      : 'grant `get` on these ConfigMaps, as deploy/rbac/clusterrole-mounted-configmaps.yaml does',
  }
}
