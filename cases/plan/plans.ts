import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plan } from '../../src/app/plan.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { PlanResult } from '../../src/model/plan.ts'

/** Plans by hand, in the shape that Terraform documents: what is there, what will be, and what is between. */

export interface Has {
  readonly values: JsonObject
  /** Attributes that are not known until it is applied. */
  readonly unknown?: readonly string[]
  /** What the configuration refers to, by attribute. */
  readonly refs?: Readonly<Record<string, readonly string[]>>
  /** It is there before, and made anew. */
  readonly replaced?: true
}

/** By address. */
export type Resources = Readonly<Record<string, Has>>

const typeAndName = (address: string): readonly [string, string] => {
  const [type = '', name = ''] = address.replace(/\[.*$/, '').split('.')
  return [type, name]
}

const valuesOf = (resources: Resources): JsonObject => ({
  root_module: {
    resources: Object.entries(resources).map(([address, { values }]) => {
      const [type, name] = typeAndName(address)
      return { address, mode: 'managed', type, name, values }
    }),
  },
})

const actionsOf = (was: Has | undefined, is: Has | undefined): readonly string[] => {
  if (was === undefined) return ['create']
  if (is === undefined) return ['delete']
  if (is.replaced) return ['delete', 'create']
  const isSame = JSON.stringify(was.values) === JSON.stringify(is.values) && (is.unknown ?? []).length === 0
  return isSame ? ['no-op'] : ['update']
}

export const planOf = (before: Resources, after: Resources, more: JsonObject = {}): JsonObject => ({
  format_version: '1.2',
  terraform_version: '1.13.0',
  planned_values: valuesOf(after),
  prior_state: { format_version: '1.0', values: valuesOf(before) },
  resource_changes: [...new Set([...Object.keys(before), ...Object.keys(after)])].map(address => {
    const [type, name] = typeAndName(address)
    const [was, is] = [before[address], after[address]]
    return {
      address,
      mode: 'managed',
      type,
      name,
      change: {
        actions: actionsOf(was, is),
        before: was?.values ?? null,
        after: is?.values ?? null,
        after_unknown: Object.fromEntries((is?.unknown ?? []).map(key => [key, true])),
      },
    }
  }),
  configuration: {
    root_module: {
      resources: Object.entries(after).map(([address, { values, refs = {} }]) => {
        const [type, name] = typeAndName(address)
        const written = Object.fromEntries(
          Object.entries(values).map(([key, value]) => [key, { constant_value: value }]),
        )
        const references = Object.fromEntries(Object.entries(refs).map(([key, all]) => [key, { references: all }]))
        return { address: `${type}.${name}`, mode: 'managed', type, name, expressions: { ...written, ...references } }
      }),
    },
  },
  ...more,
})

/** What the program says of files, by name; a text is written as it is. */
export const judge = (
  files: Readonly<Record<string, JsonObject | string>>,
  options: { readonly now?: string; readonly baseline?: readonly string[] } = {},
): PlanResult | null => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'))
  try {
    const sources = Object.entries(files).map(([name, body]) => {
      const path = join(folder, name)
      writeFileSync(path, typeof body === 'string' ? body : JSON.stringify(body, null, 2))
      return { path, cluster: null }
    })
    return plan(sources, { now: options.now ?? '2026-11-20', baseline: new Set(options.baseline) })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const judged = (...args: Parameters<typeof judge>): PlanResult => {
  const result = judge(...args)
  if (result === null) throw new Error('no plan was read')
  return result
}

/** `PST-G001 broken aws_route.out`, those that are kept left out. */
export const faultsOf = ({ guardrails }: PlanResult): readonly string[] =>
  guardrails
    .filter(({ verdict }) => verdict !== 'kept')
    .map(({ id, verdict, address }) => `${id} ${verdict} ${address}`)

/** Ways out of the networks, as `aws:subnet/subnet-1 -> nat aws:nat-gateway/nat-1 (before: …) because …`. */
export const outward = (ways: PlanResult['gained']): readonly string[] => [
  ...new Set(
    ways
      .filter(({ to }) => to.zone === 'internet')
      .map(
        ({ from, verdict, exit, before, because }) =>
          `${from.join(', ')} ${verdict} ${exit.kind} ${exit.id ?? '-'}${before === null ? '' : ` before ${before.kind} ${before.id ?? '-'}`} because ${because.join(', ')}`,
      ),
  ),
]

/** A network with a private subnet, a public one that holds a NAT gateway, and an internet gateway. All of it is there. */
export const NETWORK: Resources = {
  'aws_vpc.one': { values: { id: 'vpc-1', cidr_block: '10.0.0.0/16' } },
  'aws_subnet.private': { values: { id: 'subnet-1', vpc_id: 'vpc-1', cidr_block: '10.0.1.0/24' } },
  'aws_subnet.public': { values: { id: 'subnet-2', vpc_id: 'vpc-1', cidr_block: '10.0.2.0/24' } },
  'aws_internet_gateway.one': { values: { id: 'igw-1', vpc_id: 'vpc-1' } },
  'aws_nat_gateway.one': {
    values: {
      id: 'nat-1',
      subnet_id: 'subnet-2',
      connectivity_type: 'public',
      allocation_id: 'eipalloc-1',
      public_ip: '203.0.113.7',
      private_ip: '10.0.2.9',
    },
  },
  'aws_route_table.private': { values: { id: 'rtb-1', vpc_id: 'vpc-1' } },
  'aws_route_table.public': { values: { id: 'rtb-2', vpc_id: 'vpc-1' } },
  'aws_route_table_association.private': {
    values: { id: 'rtbassoc-1', subnet_id: 'subnet-1', route_table_id: 'rtb-1' },
  },
  'aws_route_table_association.public': {
    values: { id: 'rtbassoc-2', subnet_id: 'subnet-2', route_table_id: 'rtb-2' },
  },
  'aws_route.public': {
    values: {
      id: 'r-rtb-21080289494',
      route_table_id: 'rtb-2',
      destination_cidr_block: '0.0.0.0/0',
      gateway_id: 'igw-1',
    },
  },
}

export const route = (table: string, destination: string, target: Readonly<Record<string, string>>): Has => ({
  values: {
    id: `r-${table}-${destination}`,
    route_table_id: table,
    [destination.includes(':') ? 'destination_ipv6_cidr_block' : 'destination_cidr_block']: destination,
    ...target,
  },
})

/** Without what these addresses name. */
export const without = (resources: Resources, ...addresses: readonly string[]): Resources =>
  Object.fromEntries(Object.entries(resources).filter(([address]) => !addresses.includes(address)))

export const approved = (id: string): string =>
  `apiVersion: postern.dev/v1alpha1
kind: ApprovedExit
metadata: { name: hub }
spec: { ids: ["${id}"], owner: network }
`

export const environment = (name: string, ...networks: readonly string[]): string =>
  `apiVersion: postern.dev/v1alpha1
kind: Environment
metadata: { name: ${name} }
spec: { networks: [${networks.map(one => JSON.stringify(one)).join(', ')}], owner: network }
`
