/**
 * Endings under which anybody may register a name. Every ending of one label is one, but for those that are kept for private
 * use; of the endings of two labels only the common ones stand here, so that what is missing is not reported.
 * Source: publicsuffix.org, the section on registries, 2026; RFC 6761, RFC 6762, RFC 9476; ICANN resolution 2024.07.29.06.
 */
const PRIVATE = new Set([
  ...['local', 'internal', 'localhost', 'test', 'example', 'invalid', 'alt', 'arpa', 'onion'],
  // Never delegated, and in use inside.
  ...['lan', 'home', 'corp', 'intranet', 'private', 'cluster', 'svc'],
])

const SECOND_LEVEL = new Set([
  ...['co.uk', 'org.uk', 'me.uk', 'ltd.uk', 'com.au', 'net.au', 'org.au', 'co.nz', 'org.nz'],
  ...['co.jp', 'ne.jp', 'or.jp', 'co.kr', 'or.kr', 'com.cn', 'net.cn', 'org.cn', 'com.hk', 'com.tw', 'com.sg'],
  ...['co.in', 'net.in', 'org.in', 'com.my', 'co.id', 'co.th', 'com.ph', 'com.vn', 'com.pk', 'com.tr', 'co.il'],
  ...['com.br', 'net.br', 'org.br', 'com.mx', 'com.ar', 'com.co', 'com.pe', 'co.za', 'org.za', 'com.ng', 'co.ke'],
  ...['com.sa', 'com.eg', 'com.ua', 'com.pl', 'com.es', 'com.pt', 'com.gr', 'co.at', 'or.at'],
])

/** Labels in their order; no label at all is every name. */
export const isPublicSuffix = (labels: readonly string[]): boolean =>
  labels.length === 0 ||
  (labels.length === 1 && !PRIVATE.has(labels[0] as string)) ||
  SECOND_LEVEL.has(labels.join('.'))
