import type { Fabric } from '../../model/fabric.ts'
import { compareText } from '../../model/order.ts'
import { keptBy } from '../lazily.ts'

/** Networks that packets of a network may come from: over a peering, or by hubs that hang together. */
export const besideIn = ({ peerings, attachments }: Fabric): ((network: string) => readonly string[]) => {
  const hubs = new Map<string, Set<string>>()
  const join = (a: string, b: string): void => {
    hubs.set(a, (hubs.get(a) ?? new Set()).add(b))
    hubs.set(b, (hubs.get(b) ?? new Set()).add(a))
  }
  const networks = new Set<string>()
  for (const { hub, to } of attachments) {
    if (hub === null) continue
    if (to.kind === 'network') {
      networks.add(to.network)
      join(hub, to.network)
    } else if (to.kind === 'hub') join(hub, to.hub)
  }
  const byHub = (network: string): ReadonlySet<string> => {
    const met = new Set([network])
    const left = [...(hubs.get(network) ?? [])]
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (met.has(next)) continue
      met.add(next)
      // Nothing goes through a network from hub to hub but by its own routes, which are followed from there.
      left.push(...(networks.has(next) && next !== network ? [] : (hubs.get(next) ?? [])))
    }
    return met
  }
  return keptBy((network: string) => {
    const peers = peerings.flatMap(({ networks: both }) => (both.includes(network) ? both : []))
    const all = new Set([...peers, ...[...byHub(network)].filter(id => networks.has(id))])
    // One that is reached by passing through another hangs on that one.
    const behind = [...all].flatMap(id => [...byHub(id)].filter(other => networks.has(other)))
    for (const id of behind) all.add(id)
    all.delete(network)
    return [...all].sort(compareText)
  })
}
