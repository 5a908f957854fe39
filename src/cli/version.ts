import { existsSync, readFileSync } from 'node:fs'

/** The package's own version: package.json stands two folders up from the sources, one up from the build. */
export const VERSION: string = (() => {
  const file = [
    new URL('../../package.json', import.meta.url),
    new URL('../package.json', import.meta.url),
    new URL('../../../package.json', import.meta.url),
  ].find(url => existsSync(url) && (JSON.parse(readFileSync(url, 'utf8')) as { name?: string }).name === 'postern')
  if (file === undefined) throw new Error('this installation has lost its package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
})()
