import { readFileSync } from 'node:fs'

/** The package's own version, from the package.json beside the sources or the build. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version
