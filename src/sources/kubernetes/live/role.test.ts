import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadAll } from 'js-yaml'
import { field, type Json, type JsonObject, list, texts } from '../../../model/json.ts'
import { RESOURCES, resourceName } from '../resources.ts'
import { collect } from './collect.ts'
import { KNOWN_CONFIG_MAP_NAMES, KNOWN_CONFIG_MAPS } from './config-map-names.ts'
import type { LiveEvent } from './event.ts'
import { type Asked, roleAllows } from './test-role.ts'
import { listed, startServer, type TestCluster, writeKubeconfig } from './test-server.ts'

const folder = join(import.meta.dirname, '../../../../deploy/rbac')
const rolesIn = (file: string): readonly Json[] =>
  (loadAll(readFileSync(join(folder, file), 'utf8')) as Json[]).filter(
    document => field(document, 'kind') === 'ClusterRole',
  )
const role = rolesIn('clusterrole.yaml')
const mounted = rolesIn('clusterrole-mounted-configmaps.yaml')

/** Every resource that the collector knows, in every version it knows, with one object each, and Secrets beside them. */
const everything: TestCluster = {
  resources: [
    ...RESOURCES.filter(resource => resource.read === 'list').flatMap(({ group, versions, plural, kind, namespaced }) =>
      versions.map(version => ({
        api: group === '' ? version : `${group}/${version}`,
        plural: plural === '*' ? 'anyconstraint' : plural,
        kind: kind ?? 'AnyConstraint',
        clusterScoped: !namespaced,
        items:
          plural === 'namespaces'
            ? [...KNOWN_CONFIG_MAPS.keys(), 'app'].map(name => listed(null, name))
            : [itemFor(plural, namespaced)],
      })),
    ),
    { api: 'v1', plural: 'secrets', kind: 'Secret', items: [listed('app', 'a')] },
    { api: 'v1', plural: 'configmaps', kind: 'ConfigMap', items: [listed('app', 'squid-conf', { data: {} })] },
  ],
}

function itemFor(plural: string, namespaced: boolean): JsonObject {
  const spec = {
    containers: [
      {
        name: 'c',
        image: 'squid:6',
        envFrom: [{ configMapRef: { name: 'squid-conf' } }, { secretRef: { name: 'a' } }],
      },
    ],
    volumes: [{ name: 's', secret: { secretName: 'a' } }],
  }
  return listed(namespaced ? 'app' : null, 'a', plural === 'pods' ? { spec } : {})
}

const read = async (
  roles: readonly Json[],
): Promise<{ readonly asked: readonly Asked[]; readonly events: readonly LiveEvent[] }> => {
  const server = await startServer({ ...everything, allows: asked => roleAllows(roles, asked) })
  const config = writeKubeconfig([{ name: 'c1', server: server.url }])
  try {
    const events: LiveEvent[] = []
    const pace = { sleep: async () => {}, random: () => 0 }
    for await (const event of collect({
      ...pace,
      kubeconfig: config.path,
      contexts: 'all',
      namespaces: null,
      onProgress: () => {},
    }))
      events.push(event)
    return { asked: server.asked, events }
  } finally {
    config.remove()
    await server.close()
  }
}

test('the collector asks for nothing outside the two roles, and outside the first only for ConfigMaps by name', async () => {
  const { asked, events } = await read([...role, ...mounted])
  assert.deepEqual(
    events.filter(event => event.kind === 'gap'),
    [],
  )
  assert.ok(asked.length > RESOURCES.length)
  for (const request of asked) {
    assert.ok(roleAllows([...role, ...mounted], request), request.path)
    assert.ok(!request.path.includes('secrets'), request.path)
    if (!roleAllows(role, request)) {
      assert.equal(request.resource?.plural, 'configmaps')
      assert.notEqual(request.resource?.name, null)
    }
  }
})

test('with the first role alone the only gap is the ConfigMaps of workloads', async () => {
  const { events } = await read(role)
  const gaps = events.flatMap(event => (event.kind === 'gap' ? [event.gap] : []))
  assert.deepEqual(
    gaps.map(gap => gap.resource),
    ['configmaps'],
  )
  assert.match(gaps[0]?.why ?? '', /`app\/squid-conf`/)
})

test('the role grants what the list of resources holds and nothing else', () => {
  const granted: string[] = []
  for (const rule of role.flatMap(document => list(field(document, 'rules')))) {
    if (field(rule, 'nonResourceURLs') !== undefined) continue
    const verbs = texts(field(rule, 'verbs'))
    const named = texts(field(rule, 'resourceNames'))
    assert.deepEqual(verbs, named.length > 0 ? ['get'] : ['list'])
    if (named.length > 0) assert.deepEqual([...named].sort(), KNOWN_CONFIG_MAP_NAMES)
    for (const group of texts(field(rule, 'apiGroups'))) {
      assert.notEqual(group, '*')
      for (const plural of texts(field(rule, 'resources'))) granted.push(resourceName(group, plural))
    }
  }
  assert.deepEqual(granted.sort(), RESOURCES.map(({ group, plural }) => resourceName(group, plural)).sort())
  assert.ok(granted.every(name => !name.includes('secret')))
})
