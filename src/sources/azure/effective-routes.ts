import type { AnyCidr } from '../../sets/cidr.ts'
import type { Collected } from './collect.ts'
import { rangesOf, word, wordsUnder } from './property.ts'

/** What the platform itself shows as the routes of one interface. */
export interface Shown {
  /** What gateways brought there, in force or overridden. */
  readonly learned: readonly AnyCidr[]
  /** What goes to services directly. */
  readonly services: readonly AnyCidr[]
}

/** null: no output was read that is wrapped with the interface. Source: Azure REST API Reference, EffectiveRoute. */
export const shownAt = (collected: Collected, nic: string): Shown | null => {
  const routes = collected.wrapped('networkInterface', nic).map(({ body }) => body)
  if (routes.length === 0) return null
  const under = (key: string, value: string): readonly AnyCidr[] =>
    rangesOf(
      routes
        .filter(route => word(route, key)?.toLowerCase() === value)
        .flatMap(route => wordsUnder(route, 'addressPrefix')),
    ).ranges
  return {
    learned: under('source', 'virtualnetworkgateway'),
    services: under('nextHopType', 'virtualnetworkserviceendpoint'),
  }
}
