import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import type { Profile } from '../model/profile.ts'
import { POLICY_DIALECTS } from '../model/rule.ts'
import { ALIASES, PROFILES, profileNamed } from './profiles.ts'

const HELPERS = ['no-policy', 'parts', 'profiles']
const TRI = ['yes', 'no', 'unknown']
const ISOLATION = ['denied', 'allowed', 'unknown']

/** Every answer of a profile, by the name that sources use. */
const answers = (
  profile: Profile,
): readonly { readonly of: string; readonly answer: string; readonly allowed: readonly string[] }[] => [
  ...POLICY_DIALECTS.map(of => ({ of: `dialects.${of}`, answer: profile.dialects[of], allowed: TRI })),
  ...POLICY_DIALECTS.flatMap(of => [
    { of: `blocks.${of}.pods`, answer: profile.blocks[of].pods, allowed: TRI },
    { of: `blocks.${of}.nodes`, answer: profile.blocks[of].nodes, allowed: TRI },
  ]),
  { of: 'isolation.sctp', answer: profile.isolation.sctp, allowed: ISOLATION },
  { of: 'isolation.icmp', answer: profile.isolation.icmp, allowed: ISOLATION },
  { of: 'isolation.others', answer: profile.isolation.others, allowed: ISOLATION },
  { of: 'ownNode', answer: profile.ownNode, allowed: ['policy', 'allowed', 'unknown'] },
  { of: 'fromOwnNode', answer: profile.fromOwnNode, allowed: ['policy', 'allowed', 'unknown'] },
  { of: 'services', answer: profile.services, allowed: ['before', 'after', 'unknown'] },
  { of: 'opensAtStart', answer: profile.opensAtStart, allowed: TRI },
]

const covers = (source: string, field: string): boolean => field === source || field.startsWith(`${source}.`)

test('ids are file names, both ways', () => {
  const files = readdirSync(import.meta.dirname)
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(name => name.slice(0, -'.ts'.length))
    .filter(name => !HELPERS.includes(name))
  assert.deepEqual([...PROFILES.keys()].sort(), files.sort())
  for (const [id, profile] of PROFILES) assert.equal(profile.id, id)
})

for (const profile of PROFILES.values()) {
  test(`${profile.id}: complete, and every answer rests on a source`, () => {
    assert.ok(profile.title.length > 0 && profile.versions.length > 0)
    const lists = [
      ...(profile.appliesUnclaimed ? ['appliesUnclaimed'] : []),
      ...(profile.notOn.length > 0 ? ['notOn'] : []),
      ...(profile.gaps.length > 0 ? ['gaps'] : []),
    ]
    for (const { of, answer, allowed } of answers(profile)) assert.ok(allowed.includes(answer), `${of}: ${answer}`)
    for (const field of [...answers(profile).map(each => each.of), ...lists]) {
      assert.ok(
        profile.sources.some(source => covers(source.of, field)),
        `no source for ${field}`,
      )
    }
    const fields = [...answers(profile).map(each => each.of), 'appliesUnclaimed', 'notOn', 'gaps']
    for (const source of profile.sources) {
      assert.ok(
        fields.some(field => covers(source.of, field)),
        `a source for ${source.of}, which is no field`,
      )
      assert.match(source.url, /^https:\/\/[^ ]+$/)
      assert.match(source.says, /\.$/)
    }
  })
}

test('a dialect that is not read has no meaning of blocks', () => {
  for (const profile of PROFILES.values()) {
    for (const dialect of POLICY_DIALECTS) {
      if (profile.dialects[dialect] === 'no') {
        assert.deepEqual(profile.blocks[dialect], { pods: 'unknown', nodes: 'unknown' }, `${profile.id} ${dialect}`)
      }
    }
  }
})

test('an alias leads to a profile and hides none', () => {
  for (const [alias, id] of ALIASES) {
    assert.equal(PROFILES.has(alias), false, alias)
    assert.equal(profileNamed(alias)?.id, id, alias)
  }
})

test('names are taken in any case, and what is ambiguous or new is not guessed', () => {
  const check = (name: string, id: string | null) => assert.equal(profileNamed(name)?.id ?? null, id, name)
  check('Cilium', 'cilium')
  check(' calico ', 'calico-iptables')
  check('EKS', 'aws-vpc-cni')
  check('gke', 'gke-dataplane-v2')
  check('ovn', 'ovn-kubernetes')
  check('none', 'kubenet')
  check('aks', null)
  check('azure', null)
  check('', null)
  check('toString', null)
})

test('the specification takes documents at their word and leaves open what its pages leave open', () => {
  const profile = profileNamed('specification')
  assert.ok(profile)
  assert.deepEqual(profile.dialects, {
    kubernetes: 'yes',
    'policy-api': 'yes',
    cilium: 'yes',
    calico: 'yes',
    other: 'unknown',
  })
  assert.deepEqual(profile.isolation, { sctp: 'denied', icmp: 'unknown', others: 'unknown' })
  assert.deepEqual(profile.blocks.kubernetes, { pods: 'unknown', nodes: 'unknown' })
  assert.deepEqual(profile.blocks['policy-api'], { pods: 'yes', nodes: 'yes' })
  assert.deepEqual(profile.blocks.cilium, { pods: 'no', nodes: 'no' })
  assert.equal(profile.services, 'unknown')
})

test('plugins without policy enforce nothing', () => {
  for (const id of ['flannel', 'azure-cni', 'gke-netd', 'kubenet']) {
    assert.deepEqual(new Set(Object.values(PROFILES.get(id)?.dialects ?? {})), new Set(['no']), id)
  }
})
