import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareReach } from '../../src/app/compare-reach.ts'
import type { LoadedEstate } from '../../src/app/load.ts'
import { reach } from '../../src/app/reach.ts'
import type { RegionChange } from '../../src/model/diff.ts'
import type { ReachEntry, TrafficText } from '../../src/model/reach.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { generateWorld } from '../oracle/generate.ts'
import { seeded } from '../oracle/random.ts'
import type { Json } from '../oracle/types.ts'
import { loaded } from '../reach/estate.ts'
import { isPolicy } from './regions.ts'

/**
 * Most Services are never asked a second time, since what they hang on did not change. Here all of them are asked, and the
 * ports that pass before and after are compared one by one.
 */
const PORTS = [80, 443, 5000]

const services = (seed: number): readonly Json[] => {
  const random = seeded(seed)
  return Array.from({ length: 6 }, (_, n) => {
    const selects = random.percent(75)
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `s${n}`, namespace: random.pick(['a', 'b']) },
      spec: {
        clusterIP: random.percent(20) ? 'None' : `10.96.0.${n + 1}`,
        ...(selects ? { selector: { app: random.pick(['web', 'db', 'api']) } } : {}),
        ports: PORTS.filter(() => random.percent(60)).map(port => ({
          name: `p${port}`,
          port,
          targetPort: random.pick([80, 8080, 'http']),
        })),
      },
    }
  })
}

const estateOf = (objects: readonly Json[]): LoadedEstate =>
  loaded({ 'world.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) })

const portsIn = (traffic: readonly TrafficText[]): readonly number[] =>
  PORTS.filter(port =>
    traffic.some(
      ({ protocol, ports = '' }) =>
        protocol === 'TCP' &&
        ports.split(',').some(range => {
          const [first = '', last = first] = range.split('-')
          return Number(first) <= port && port <= Number(last)
        }),
    ),
  )

/** `sender service port` of everything that may pass. */
const told = (rows: readonly { readonly id: string; readonly egress: readonly (ReachEntry | RegionChange)[] }[]) =>
  rows
    .flatMap(({ id, egress }) =>
      egress.flatMap(({ to, traffic, verdict }) =>
        to.kind === 'service' && verdict !== 'denied' ? portsIn(traffic).map(port => `${id} ${to.id} ${port}`) : [],
      ),
    )
    .sort()

test('Services: ports gained and lost are those that pass on one side only', () => {
  let changed = 0
  for (let seed = 1; seed <= 60; seed++) {
    const { objects } = generateWorld(seed, ['kubernetes']).world
    const world = [...objects, ...services(seed)]
    const fewer = world.filter((object, i) => (isPolicy(object) ? i % 2 === seed % 2 : true))
    // In every third world Services change, too.
    const after = estateOf(seed % 3 === 0 ? [...fewer.filter(one => !isService(one)), ...services(seed + 1000)] : fewer)
    const before = estateOf(world)
    for (const cni of ['specification', 'calico-iptables', 'aws-vpc-cni']) {
      const options = { profile: profileNamed(cni), compat: null }
      const ask = (estate: LoadedEstate) =>
        new Set(
          told(
            reach(estate, { ...options, namespaces: [], wants: () => true, all: false }).workloads.map(row => ({
              id: row.id,
              egress: row.egress ?? [],
            })),
          ),
        )
      const [old, now] = [ask(before), ask(after)]
      const { gained, lost } = compareReach(before, after, options)
      const of = (regions: readonly RegionChange[]) => told(regions.map(one => ({ id: one.workload, egress: [one] })))
      assert.deepEqual(of(gained), [...now.difference(old)].sort(), `seed ${seed} on ${cni}: gained`)
      assert.deepEqual(of(lost), [...old.difference(now)].sort(), `seed ${seed} on ${cni}: lost`)
      changed += gained.length + lost.length
    }
  }
  assert.ok(changed > 100, `${changed} changes`)
})

const isService = (object: Json): boolean => (object as { readonly kind?: Json }).kind === 'Service'
