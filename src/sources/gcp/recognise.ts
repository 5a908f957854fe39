import { at, field, isObject, type JsonObject, list, text } from '../../model/json.ts'
import { idIn, type Link, readLink } from './links.ts'
import { KINDS, NAMED, type Noun } from './schema.ts'

/**
 * What a document is. `object`: one that is evaluated. `firewalls`, `status`: outputs that somebody wrapped with the network or the
 * router that they are of. `later`: an output that is known and not evaluated.
 */
export type Recognised =
  | { readonly kind: 'object'; readonly noun: Noun; readonly link: Link }
  | { readonly kind: 'firewalls'; readonly network: string; readonly link: Link; readonly region: string | null }
  | { readonly kind: 'status'; readonly router: Link }
  | { readonly kind: 'later'; readonly what: string; readonly why: string | null }

/** Whether a document is what `gcloud … --format=json` prints for one object, or wraps it. */
export const isGcpOutput = (body: JsonObject): boolean => recognise(body) !== null

export const recognise = (body: JsonObject): Recognised | null => {
  if (Object.hasOwn(body, 'apiVersion')) return knativeIn(body)
  return wrappedIn(body) ?? kindIn(body) ?? clusterIn(body) ?? namedIn(body) ?? bareIn(body)
}

const kindIn = (body: JsonObject): Recognised | null => {
  const kind = text(field(body, 'kind'))
  if (kind === undefined || !/^[a-z]+#[A-Za-z]+$/.test(kind)) return null
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (known === undefined) return { kind: 'later', what: kind, why: null }
  if (known === null) return { kind: 'later', what: kind, why: UNNAMED[kind] ?? null }
  const written = text(field(body, 'selfLink')) ?? text(field(body, 'name'))
  const link = written === undefined ? null : readLink(written, known.collection)
  // Without a link of its own nobody knows whose it is.
  return link === null || link.collection !== known.collection || (link.project === null && !written?.includes('/'))
    ? { kind: 'later', what: kind, why: `a \`${kind}\` without a \`selfLink\`: save the whole output, as JSON` }
    : { kind: 'object', noun: known.noun, link }
}

const UNNAMED: Readonly<Record<string, string>> = {
  'compute#firewallPolicyRule':
    'rules of a policy that is not named: wrap what applies to a network as `{"network": "…", "effectiveFirewalls": {…}}`',
  'compute#routerStatusResponse':
    'the status of a router that is not named: wrap it as `{"router": "…", "status": {…}}`',
}

/** Source: Kubernetes Engine API, projects.locations.clusters. */
const clusterIn = (body: JsonObject): Recognised | null => {
  const written = text(field(body, 'selfLink'))
  if (written === undefined || !Array.isArray(field(body, 'nodePools'))) return null
  const link = readLink(written, 'clusters')
  return link?.collection === 'clusters' ? { kind: 'object', noun: 'cluster', link } : null
}

/** Younger services name an object by its path. */
const namedIn = (body: JsonObject): Recognised | null => {
  const name = text(field(body, 'name'))
  if (name === undefined || !/^projects\/[^/]+\/locations\/[^/]+\/[A-Za-z]+\/[^/]+$/.test(name)) {
    const project = text(field(body, 'projectId'))
    return project !== undefined && Object.hasOwn(body, 'projectNumber')
      ? { kind: 'object', noun: 'project', link: { project, place: null, collection: 'projects', name: project } }
      : null
  }
  const link = readLink(name, '')
  if (link === null) return null
  const noun = Object.hasOwn(NAMED, link.collection) ? NAMED[link.collection] : undefined
  return noun === undefined ? { kind: 'later', what: link.collection, why: null } : { kind: 'object', noun, link }
}

/**
 * What a cluster runs by Knative has the same kind, and nothing of Cloud Run. Source: Cloud Run Admin API v1, namespaces.services,
 * ObjectMeta: the namespace is the number of the project.
 */
const knativeIn = (body: JsonObject): Recognised | null => {
  const version = text(field(body, 'apiVersion'))
  const isService = version === 'serving.knative.dev/v1' && field(body, 'kind') === 'Service'
  const isJob = version === 'run.googleapis.com/v1' && field(body, 'kind') === 'Job'
  if (!isService && !isJob) return null
  const place = text(at(body, 'metadata', 'labels', 'cloud.googleapis.com/location'))
  const notes = [at(body, 'metadata', 'annotations'), at(body, 'spec', 'template', 'metadata', 'annotations')]
  const isOfRun = notes.some(
    one => isObject(one) && Object.keys(one).some(key => key.startsWith('run.googleapis.com/')),
  )
  if (place === undefined && !isOfRun) return null
  const name = text(at(body, 'metadata', 'name'))
  const project = text(at(body, 'metadata', 'namespace')) ?? null
  if (name === undefined) return { kind: 'later', what: 'services', why: 'a service of Cloud Run without a name' }
  return {
    kind: 'object',
    noun: 'run',
    link: { project, place: place ?? null, collection: isJob ? 'jobs' : 'services', name },
  }
}

const wrappedIn = (body: JsonObject): Recognised | null => {
  if (Object.hasOwn(body, 'kind')) return null
  const firewalls = field(body, 'effectiveFirewalls')
  if (isObject(firewalls)) {
    const written = text(field(body, 'network')) ?? ''
    const link = readLink(written, 'networks')
    const region = text(field(body, 'region')) ?? null
    return link === null || link.collection !== 'networks' || link.project === null
      ? { kind: 'later', what: 'effectiveFirewalls', why: 'firewalls of a network that is not named' }
      : {
          kind: 'firewalls',
          network: idIn(written, 'networks', null) as string,
          link,
          region: region?.split('/').at(-1) ?? null,
        }
  }
  if (!isObject(field(body, 'status'))) return null
  const router = text(field(body, 'router'))
  const link = router === undefined ? null : readLink(router, 'routers')
  return link?.collection === 'routers' && link.project !== null ? { kind: 'status', router: link } : null
}

/** Outputs that do not say what they are of. */
const bareIn = (body: JsonObject): Recognised | null => {
  const keys = Object.keys(body)
  const isFirewalls =
    keys.length > 0 &&
    keys.every(key => ['firewalls', 'firewallPolicys'].includes(key)) &&
    list(body[keys[0] ?? '']).every(isObject)
  return isFirewalls
    ? {
        kind: 'later',
        what: 'firewalls',
        why: 'firewalls of a network that is not named: wrap them as `{"network": "…", "effectiveFirewalls": {…}}`',
      }
    : null
}
