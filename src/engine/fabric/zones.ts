import type { Subnet } from '../../model/fabric.ts'

/** Whether two subnets stand in one zone; null: they are told apart by no name that the same one gave. */
export const isSameZone = (a: Subnet, b: Subnet): boolean | null => {
  for (const by in a.zoneNames) {
    const other = b.zoneNames[by]
    if (other !== undefined) return other === a.zoneNames[by]
  }
  return null
}

/** Of several subnets, the one in the zone of another: `null`: none is; `open`: none is known to be, and one may be. */
export const subnetInZone = (subnets: readonly Subnet[], of: Subnet): Subnet | null | 'open' => {
  let isOpen = false
  for (const one of subnets) {
    const same = isSameZone(one, of)
    if (same === true) return one
    if (same === null) isOpen = true
  }
  return isOpen ? 'open' : null
}
