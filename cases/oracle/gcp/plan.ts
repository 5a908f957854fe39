import type { Random } from '../random.ts'
import type { Json } from '../types.ts'

export type Fields = { readonly [key: string]: Json }

const API = 'https://www.googleapis.com/compute/v1/'
export const REGIONS = ['europe-west1', 'us-east1']
export const TAGS = ['web', 'db', 'ops']
export const ACCOUNTS = ['a@p.iam.gserviceaccount.com', 'b@p.iam.gserviceaccount.com']

/** A network to be written. */
export interface NetworkPlan {
  readonly name: string
  /** Its number in names and addresses. */
  readonly n: number
  readonly project: string
  readonly path: string
  readonly subnets: readonly SubnetPlan[]
  readonly isRead: boolean
}

export interface SubnetPlan {
  readonly name: string
  readonly path: string
  readonly region: string
  /** The first three parts of its addresses. */
  readonly stem: string
  readonly block: string
  readonly pods: { readonly name: string; readonly stem: string; readonly block: string } | null
  readonly six: { readonly stem: string; readonly isOuter: boolean } | null
}

export const linkTo = (path: string): string => `${API}${path}`

/** Each network has ranges of its own; the last may be that of another project, of which nothing was read. */
export const planNetworks = (random: Random): readonly NetworkPlan[] => {
  const count = random.pick([1, 2, 2, 3])
  const hasForeign = count > 1 && random.percent(12)
  return Array.from({ length: count }, (_, index) => {
    const n = index + 1
    const isRead = !(hasForeign && index === count - 1)
    const project = isRead ? 'p' : 'q'
    return {
      name: `n${n}`,
      n,
      project,
      path: `projects/${project}/global/networks/n${n}`,
      isRead,
      subnets: ['a', 'b', 'c'].slice(0, 2 + random.below(2)).map((name, i) => planSubnet(random, project, n, name, i)),
    }
  })
}

const planSubnet = (random: Random, project: string, n: number, name: string, index: number): SubnetPlan => {
  const region = random.pick([REGIONS[0], REGIONS[0], REGIONS[1]]) ?? ''
  const stem = index === 2 && random.percent(50) ? `45.10.${n}` : `10.${n}.${index}`
  const isOuter = random.percent(50)
  return {
    name: `s${n}${name}`,
    path: `projects/${project}/regions/${region}/subnetworks/s${n}${name}`,
    region,
    stem,
    block: `${stem}.0/${random.pick([24, 24, 26])}`,
    pods: random.percent(50)
      ? { name: `pods${n}${name}`, stem: `10.${n}.${100 + index}`, block: `10.${n}.${100 + index}.0/24` }
      : null,
    six: random.percent(45) ? { stem: isOuter ? `2600:1900:${n}:${index}` : `fd20:${n}:0:${index}`, isOuter } : null,
  }
}
