import type { Check } from '../check.ts'
import { foreignResolver } from './d001-foreign-resolver.ts'
import { nodeResolver } from './d002-node-resolver.ts'
import { hostNetworkDns } from './d003-host-network-dns.ts'
import { hostAliases } from './d004-host-aliases.ts'
import { publicUpstream } from './d005-public-upstream.ts'
import { encryptedUpstream } from './d006-encrypted-upstream.ts'
import { privateResolver } from './d007-private-resolver.ts'
import { resolverConfigAccess } from './d008-resolver-config-access.ts'
import { resolverAnswers } from './d009-resolver-answers.ts'
import { anyResolver } from './d010-any-resolver.ts'
import { encryptedDns } from './d011-encrypted-dns.ts'
import { dnsWildcard } from './d012-dns-wildcard.ts'
import { nodeCacheMissed } from './d013-node-cache-missed.ts'

export const CHECKS_D: readonly Check[] = [
  foreignResolver,
  nodeResolver,
  hostNetworkDns,
  hostAliases,
  publicUpstream,
  encryptedUpstream,
  privateResolver,
  resolverConfigAccess,
  resolverAnswers,
  anyResolver,
  encryptedDns,
  dnsWildcard,
  nodeCacheMissed,
]
