import { createHash } from 'node:crypto'

/**
 * A file name for any name: an ARN holds `/` and `:`, a kubeconfig may hold `../..`. The result is one path segment of
 * ASCII letters, digits, `.`, `_` and `-`, is no device name on Windows, and differs for different names even where
 * the file system ignores case: what had to be changed carries a hash of what it was.
 */
export const safeName = (name: string): string => {
  const plain = name
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._-]+/, '')
    .slice(0, 80)
    .replace(/[._-]+$/, '')
  const keeps = plain === name && plain === plain.toLowerCase() && !DEVICE.test(plain)
  if (keeps && plain !== '') return plain
  return `${plain === '' || DEVICE.test(plain) ? 'cluster' : plain}-${createHash('sha256').update(name).digest('hex').slice(0, 10)}`
}

/** True for what `safeName` gives: a manifest that says otherwise was not written here. */
export const isSafeName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/.test(name)

const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
