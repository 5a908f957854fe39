import type { ManagedWorkload, NetworkInterface } from '../../model/fabric.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Around } from './around.ts'
import { inFamily } from './filters.ts'
import { oneOf } from './one-of.ts'
import { said } from './places.ts'
import { openly, type Way } from './ways.ts'

/** What runs without a machine of its own: by its interfaces where it has some, else by the provider. */
export const managedIn =
  <F extends Family>(
    { places, algebra }: Pick<Around<F>, 'places' | 'algebra'>,
    from: (sender: NetworkInterface, asked: Region<F>) => readonly Way<F>[],
  ) =>
  (of: ManagedWorkload, asked: Region<F>): readonly Way<F>[] => {
    const pinned = algebra.within(asked, inFamily(of.pinned, algebra.family))
    const rest = algebra.subtract(asked, pinned)
    const own = places.interfacesOf(of.id)
    const start: Omit<Way<F>, 'region' | 'verdict' | 'unknowns'> = {
      exit: { kind: 'provider-managed', id: of.id, sourceAddresses: [] },
      hops: [{ hop: 'managed', id: of.id }],
      grounds: [said(of, 'leaves by the provider, which no network of its owner sees')],
      edges: [],
      seen: bothFamilies.empty,
      home: '',
    }
    const byNetwork = (): readonly Way<F>[] =>
      own.length === 0
        ? [
            {
              ...start,
              region: pinned,
              verdict: 'unknown',
              exit: { kind: 'unknown', id: null, sourceAddresses: [] },
              grounds: [],
              unknowns: [NO_INTERFACE],
            },
          ]
        : oneOf(
            algebra,
            own.map(one => from(one, pinned).map(way => ({ ...way, hops: [...start.hops, ...way.hops] }))),
            SEVERAL,
          )
    const ways: readonly Way<F>[] = [
      ...(algebra.isEmpty(pinned) ? [] : byNetwork()),
      ...(algebra.isEmpty(rest) ? [] : [{ ...start, region: rest, verdict: 'allowed' as const, unknowns: [] }]),
    ]
    const doubts = of.doubts.map(({ why, settledBy }) => ({ stage: 'fabric', why, settledBy }))
    return doubts.reduce((all, why) => all.map(way => openly(way, why)), ways)
  }

const NO_INTERFACE = {
  stage: 'fabric',
  why: 'it sends into a network, and by which subnet was not read',
  settledBy: 'its settings, with the subnets that they name',
}

const SEVERAL = {
  stage: 'fabric',
  why: 'it runs in several subnets, whose ways differ, and nobody can tell in which of them one copy of it does',
  settledBy: 'the same routes and filters for all of them, or a question about one of its interfaces',
}
