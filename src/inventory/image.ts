/** An image reference, without the registry and the tag that differ from fleet to fleet. */
export interface ImageName {
  /** Repository path without the registry host: `mirror/cilium/cilium`. */
  readonly path: string
  /** Last segment of the path: `cilium`. */
  readonly base: string
  readonly tag: string | null
}

/** A memo by content: a fleet runs few images, and every question about a container begins with its image. */
const MEMO = new Map<string, ImageName>()
const MEMO_SIZE = 10_000

/** Source: the distribution reference grammar, `[host[:port]/]path[:tag][@digest]`. */
export const imageName = (reference: string): ImageName => {
  const known = MEMO.get(reference)
  if (known !== undefined) return known
  const name = parseImage(reference)
  if (MEMO.size >= MEMO_SIZE) MEMO.clear()
  MEMO.set(reference, name)
  return name
}

const parseImage = (reference: string): ImageName => {
  const undigested = reference.split('@')[0] ?? reference
  const slash = undigested.lastIndexOf('/')
  const colon = undigested.lastIndexOf(':')
  const untagged = colon > slash ? undigested.slice(0, colon) : undigested
  const segments = untagged.split('/')
  const first = segments[0] ?? ''
  // A first segment with a dot, a port, or the name localhost is a registry.
  const path = segments.length > 1 && (/[.:]/.test(first) || first === 'localhost') ? segments.slice(1) : segments
  return { path: path.join('/'), base: path.at(-1) ?? '', tag: colon > slash ? undigested.slice(colon + 1) : null }
}
