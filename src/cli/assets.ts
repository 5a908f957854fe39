import { existsSync, readFileSync } from 'node:fs'
import { REPORT_FILES, type ReportAssets } from '../outputs/html.ts'

/** The report's own files, beside the sources in a checkout and beside the build in a package. */
export const reportAssets = (): ReportAssets => {
  const here = [
    new URL('../../web/report/', import.meta.url),
    new URL('./report/', import.meta.url),
    new URL('../report/', import.meta.url),
  ].find(url => existsSync(url))
  if (here === undefined) throw new Error('the report’s files are missing from this installation')
  const read = (name: string): string => readFileSync(new URL(name, here), 'utf8')
  return { template: read(REPORT_FILES.template), css: read(REPORT_FILES.css), scripts: REPORT_FILES.scripts.map(read) }
}
