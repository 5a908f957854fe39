import type { RouteOrigin } from '../../model/fabric.ts'

/** Of routes of one prefix. Source: Amazon VPC User Guide, “Route priority”; Amazon VPC Transit Gateways, “Route evaluation order”. */
export const RANKS: Readonly<Record<RouteOrigin, number>> = { local: 0, static: 1, 'prefix-list': 2, propagated: 3 }
