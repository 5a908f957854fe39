import { nameOf, namespaceOf, ofKind } from './estate.ts'
import { at, isObject, list, text } from './json.ts'
import type { Json } from './types.ts'

export type Mode = 'ALLOW_ANY' | 'REGISTRY_ONLY'

/** What the settings of the whole mesh decide about leaving it; null where they were not given. */
export interface Mesh {
  readonly mode: Mode | null
  readonly rootNamespace: string | null
  /** Who sees an entry without `exportTo`. */
  readonly exports: 'all' | 'own' | null
}

/**
 * The settings in ConfigMap `istio` of `istio-system`. null: they cannot be read, or hold a setting that is not followed here.
 * Source: istio.io, "Global Mesh Options"; istio, pkg/config/mesh/mesh.go, DefaultMeshConfig.
 */
export const readMesh = (objects: readonly Json[]): Mesh | null => {
  const maps = ofKind(objects, '', 'ConfigMap').filter(
    map => nameOf(map) === 'istio' && namespaceOf(map) === 'istio-system',
  )
  if (maps.length === 0) return { mode: null, rootNamespace: null, exports: null }
  const written = text(at(maps[0], 'data', 'mesh'))
  const config = maps.length === 1 && written !== undefined ? readSettings(written) : null
  if (config === null || !isHarmless(config)) return null
  const mode = readMode(at(config, 'outboundTrafficPolicy'))
  const root = at(config, 'rootNamespace') ?? 'istio-system'
  const exports = list(at(config, 'defaultServiceExportTo') ?? ['*'])
  if (mode === null || typeof root !== 'string' || root === '' || exports.length !== 1) return null
  if (exports[0] !== '*' && exports[0] !== '.') return null
  return { mode: mode ?? 'ALLOW_ANY', rootNamespace: root, exports: exports[0] === '*' ? 'all' : 'own' }
}

/** undefined: not said; null: said in a way that cannot be told. */
const readMode = (policy: Json | undefined): Mode | null | undefined => {
  if (policy === undefined) return undefined
  const mode = at(policy, 'mode')
  return mode === 'ALLOW_ANY' || mode === 'REGISTRY_ONLY' ? mode : null
}

/** Settings that do not change what comes to the proxy, and what it lets out. */
const HARMLESS = new Set([
  'accessLogFile',
  'enableTracing',
  'trustDomain',
  'rootNamespace',
  'outboundTrafficPolicy',
  'defaultServiceExportTo',
])

const isHarmless = (config: Json): boolean =>
  isObject(config) &&
  Object.entries(config).every(([key, value]) =>
    key === 'defaultConfig'
      ? isObject(value) && Object.keys(value).every(inner => inner === 'discoveryAddress' || inner === 'concurrency')
      : HARMLESS.has(key),
  )

/** JSON, or the plainest of YAML: keys with text under keys, and lists of text. null: anything else. */
const readSettings = (written: string): Json | null => {
  try {
    return JSON.parse(written) as Json
  } catch {
    return readPlain(written)
  }
}

const readPlain = (written: string): Json | null => {
  const found: Record<string, Json> = {}
  let key: string | null = null
  for (const line of written.split('\n').filter(one => one.trim() !== '')) {
    const top = /^([a-zA-Z]+):(?: +(\S.*))?$/.exec(line)
    const under = /^ +([a-zA-Z]+): +(\S.*)$/.exec(line)
    const item = /^ *- +(\S.*)$/.exec(line)
    if (top?.[1] !== undefined) {
      key = top[1]
      const value = top[2] === undefined ? null : plainText(top[2])
      if (Object.hasOwn(found, key) || value === undefined) return null
      found[key] = value
    } else if (key !== null && under?.[1] !== undefined) {
      const inner = found[key] ?? {}
      const value = plainText(under[2])
      if (!isObject(inner) || value === undefined) return null
      found[key] = { ...inner, [under[1]]: value }
    } else if (key !== null && item !== null) {
      const inner = found[key] ?? []
      const value = plainText(item[1])
      if (!Array.isArray(inner) || value === undefined) return null
      found[key] = [...inner, value]
    } else return null
  }
  return found
}

const plainText = (written: string | undefined): string | undefined => {
  const quoted = /^(["'])([^"'\\]*)\1$/.exec(written ?? '')
  if (quoted !== null) return quoted[2]
  return /^[\w./][\w.:/-]*$/.test(written ?? '') ? written : undefined
}
