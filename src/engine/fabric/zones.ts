import type { Subnet } from '../../model/fabric.ts'

/** Whether two subnets stand in one zone; null: they are told apart by no name that the same one gave. */
export const isSameZone = (a: Subnet, b: Subnet): boolean | null => {
  for (const [by, name] of Object.entries(a.zoneNames)) {
    const other = b.zoneNames[by]
    if (other !== undefined) return other === name
  }
  return null
}

/** Of several subnets, the one in the zone of another: `null`: none is; `open`: none is known to be, and one may be. */
export const subnetInZone = (subnets: readonly Subnet[], of: Subnet): Subnet | null | 'open' => {
  const same = subnets.find(one => isSameZone(one, of) === true)
  if (same !== undefined) return same
  return subnets.some(one => isSameZone(one, of) === null) ? 'open' : null
}
