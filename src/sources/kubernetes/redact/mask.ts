/**
 * Finds credentials in free text and replaces them by `REDACTED`. Shapes that nothing else has (a private key, a JSON
 * Web Token, a cloud access key, a URL with a password) go wherever they stand; a value is also masked when the name
 * before it says what it is (`--token X`, `password: X`, `Authorization: Bearer X`). References (`$TOKEN`,
 * `$(TOKEN)`) and names of files stay: they are not the secret, and they say where it comes from.
 * Every function is idempotent and never throws.
 */
export const REDACTED = 'REDACTED'

/** A name whose value is a secret. `token-file`, `secretName`, `password_path` are not: they point at one. */
const SECRET_WORD =
  'passw(?:or)?d|passphrase|pwd|secret|token|api[-_.]?key|auth[-_.]?key|access[-_.]?key|secret[-_.]?key|private[-_.]?key|signing[-_.]?key|encryption[-_.]?key|account[-_.]?key|access[-_.]?key[-_.]?id|preshared[-_.]?key|psk|credentials?|authorization|cookie|bearer|requirepass|masterauth'
const ENDS_SECRET = new RegExp(`(?:${SECRET_WORD})$`, 'i')

/** True for a flag, key, header or variable name whose value must not be kept. */
export const namesSecret = (name: string): boolean => ENDS_SECRET.test(name)

/** A value that is no secret whatever its name says: nothing, a switch, a number, a path, a reference. */
const isHarmless = (value: string): boolean =>
  value === '' ||
  value === REDACTED ||
  /^(?:true|false|yes|no|on|off|none|null|auto|enabled|disabled|required|optional)$/i.test(value) ||
  /^-?\d{1,9}[smhd]?$/.test(value) ||
  /^(?:\/|\.\/|~\/)[\w./-]*$/.test(value) ||
  /^\$[({]?[\w.-]+[)}]?$/.test(value) ||
  value.startsWith('{{')

const maskValue = (value: string): string => (isHarmless(value) ? maskShapes(value) : REDACTED)

/** Masks a whole value because of the name it is filed under. */
export const maskNamed = (name: string, value: string): string =>
  namesSecret(name) ? maskValue(value) : maskShapes(value)

/** Shapes that are credentials wherever they stand. */
export const maskShapes = (text: string): string => (text.length < 8 ? text : settle(text, maskShapesOnce))

/** One mask may uncover what another looks for; the text only ever loses secrets, so this settles at once or soon. */
const settle = (text: string, mask: (text: string) => string): string => {
  let before = text
  for (let round = 0; round < 8; round++) {
    const after = mask(before)
    if (after === before) return after
    before = after
  }
  return before
}

const maskShapesOnce = (text: string): string => {
  let masked = text
  if (masked.includes('PRIVATE KEY')) masked = masked.replace(PRIVATE_KEY, REDACTED)
  if (masked.includes('LS0tLS1CRUdJTi')) masked = masked.replace(BASE64_PEM, maskBase64)
  if (masked.includes('eyJ')) masked = masked.replace(JWT, REDACTED)
  if (masked.includes('@')) masked = masked.replace(USERINFO, maskUserinfo)
  return masked.replace(KNOWN_PREFIX, REDACTED)
}

// To the end of the text where the closing line is missing: half a key is a key.
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g
const BASE64_PEM = /LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]*/g
const maskBase64 = (text: string): string =>
  Buffer.from(text.slice(0, 96), 'base64').toString('latin1').includes('PRIVATE KEY') ? REDACTED : text
const JWT = /\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?/g
const USERINFO = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/?#'"]{1,512})@/gi
/** A user name alone is what ssh needs to be called at all, and a token elsewhere. */
const maskUserinfo = (whole: string, scheme: string, user: string): string =>
  /^(?:git\+)?(?:ssh|sftp|scp):/i.test(scheme) && !user.includes(':') ? whole : `${scheme}${REDACTED}@`
/** Token prefixes that issuers publish so that scanners can find them. */
const KNOWN_PREFIX =
  /\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|tskey-[\w-]{6,}|hv[sb]\.[\w-]{20,}|sk_live_\w{10,}|AIza[\w-]{30,}|npm_[A-Za-z0-9]{30,}|dop_v1_[a-f0-9]{30,})/g

/** `--token=X`, `--token X`, `password: X`, `"apiKey": "X"`, `AWS_SECRET_ACCESS_KEY=X`, `insecure-password X` */
const NAMED = new RegExp(
  `((?:^|[\\s;&|,{("'])[\\w.-]{0,60}?(?:${SECRET_WORD})["']?)(\\s*[=:]\\s*|[ \\t]+)("[^"\\n]*"|'[^'\\n]*'|[^\\s"',;&|)}]+)`,
  'gim',
)

const maskNamedPair = (
  whole: string,
  name: string,
  between: string,
  value: string,
  offset: number,
  all: string,
): string => {
  // A space alone separates a flag or a setting from its value; in prose it separates words.
  if (/^[ \t]+$/.test(between) && !/^\W*-/.test(name) && !/password$/i.test(name)) {
    if (all.slice(all.lastIndexOf('\n', offset) + 1, offset).trim() !== '' || /cookie$|bearer$/i.test(name))
      return whole
  }
  const quote = /^["']/.exec(value)?.[0] ?? ''
  const bare = quote === '' ? value : value.slice(1, -1)
  return isHarmless(bare) || bare.startsWith('-') ? whole : `${name}${between}${quote}${REDACTED}${quote}`
}

const HEADER = /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)([^\r\n"']+)/gi
const maskHeader = (whole: string, name: string, value: string): string =>
  value.trim() === REDACTED || value.trim() === '' ? whole : `${name}${REDACTED}`
/** A digit, `=` or `_` tells a token from a word. */
const BEARER = /\b(bearer|basic)\s+(?=\S*[0-9=_])[A-Za-z0-9+/=._~-]{12,}/gi
/** curl and its like: `-u user:password`; `-u 1000:1000` are numbers of a user and a group. */
const USER_FLAG = /((?:^|\s)(?:-u|--user|--proxy-user)[ =]["']?)(?!\d+:\d+)([^\s:'"]+):[^\s'"]+/g
/** Squid's `cache_peer … login=user:password`; `login=PASS` and its like are words of Squid's own. */
const LOGIN = /(\blogin=[^\s:]+):\S+/g
/** A data source name in Go's form. */
const DSN = /(?<![\w.-])[\w.-]{1,64}:[^\s:@/]{1,128}@(?=(?:tcp|unix)\()/g
/** A YAML block under a secret's name: the lines that are indented deeper. */
const BLOCK = new RegExp(
  `^([ \\t]*)([\\w."'-]{0,60}?(?:${SECRET_WORD})["']?:[ \\t]*)[|>][^\\n]*\\n(?:(?:\\1[ \\t]+[^\\n]*|[ \\t]*)(?:\\n|$))+`,
  'gim',
)

/** Free text: a command line, a configuration file, an annotation. */
export const maskText = (text: string): string => settle(text, maskTextOnce)

const maskTextOnce = (text: string): string =>
  maskShapes(text)
    .replace(BLOCK, `$1$2${REDACTED}\n`)
    .replace(HEADER, maskHeader)
    .replace(BEARER, `$1 ${REDACTED}`)
    .replace(USER_FLAG, `$1$2:${REDACTED}`)
    .replace(LOGIN, `$1:${REDACTED}`)
    .replace(DSN, `${REDACTED}@`)
    .replace(NAMED, maskNamedPair)

/** Arguments as a list: `['--token', 'X']` is one flag in two items. */
export const maskArguments = (items: readonly string[]): readonly string[] => {
  let before = items
  for (let round = 0; round < 8; round++) {
    const after = maskArgumentsOnce(before)
    if (after.every((item, i) => item === before[i])) return after
    before = after
  }
  return before
}

const maskArgumentsOnce = (items: readonly string[]): readonly string[] => {
  let isValue = false
  return items.map(item => {
    const ofFlag = isValue
    isValue = false
    if (ofFlag && !item.startsWith('-')) return maskValue(item)
    if (/^--?[\w.-]+$/.test(item) && namesSecret(item)) {
      isValue = true
      return item
    }
    const assigned = /^(-{0,2}[\w.-]+)=([\s\S]*)$/.exec(item)
    if (assigned !== null && namesSecret(assigned[1] ?? '')) return `${assigned[1]}=${maskValue(assigned[2] ?? '')}`
    return maskText(item)
  })
}
