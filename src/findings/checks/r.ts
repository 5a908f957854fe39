import type { Check } from '../check.ts'
import { proxyCarriesClosed } from './r001-proxy-carries-closed.ts'
import { nodePortLeadsOut } from './r002-node-port-leads-out.ts'

export const CHECKS_R: readonly Check[] = [proxyCarriesClosed, nodePortLeadsOut]
