import type { Sysctl } from '../../model/node-facts.ts'
import { linesOf, MAX_LINE_CHARACTERS, openJournal, type Reader } from './reading.ts'
import { EGRESS_SYSCTLS } from './sysctl-names.ts'

/** `sysctl -a`: only the settings of `EGRESS_SYSCTLS` are kept; the others are ignorable and not listed one by one. */
export const readSysctl: Reader<readonly Sysctl[]> = (text, file, firstLine = 1) => {
  const journal = openJournal(file)
  const kept: Sysctl[] = []
  const values = new Map<string, string>()
  for (const { text: raw, line } of linesOf(text, firstLine)) {
    const complaint = /^sysctl: .*?['"]([^'"]+)['"]/.exec(raw.slice(0, MAX_LINE_CHARACTERS))
    if (complaint !== null) {
      if (settingOf(complaint[1] ?? '') !== null) journal.note('partly', line, 'could not be read', complaint[1])
      continue
    }
    if (raw.trim() === '') continue
    const sign = raw.indexOf('=')
    const name = raw.slice(0, Math.max(0, sign)).trim()
    if (sign === -1 || !/^[a-z0-9_]+[./]/.test(name)) {
      journal.refuse(line, 'expected `name = value`', raw)
      continue
    }
    const found = settingOf(name)
    if (found === null) continue
    const value = raw.slice(sign + 1).trim()
    const before = values.get(name)
    if (before !== undefined && before !== value) journal.warn(line, 'given twice with different values', name)
    values.set(name, value)
    kept.push({ name, ...found, value, origin: { file, line, index: null } })
  }
  return journal.close(kept)
}

interface Setting {
  readonly setting: string
  readonly interface: string | null
}

const plain = new Map<string, Setting>()
const perInterface: { readonly before: string; readonly after: string; readonly setting: string }[] = []
for (const { setting } of EGRESS_SYSCTLS) {
  const star = setting.indexOf('*')
  if (star === -1) plain.set(setting, { setting, interface: null })
  else perInterface.push({ before: setting.slice(0, star), after: setting.slice(star + 1), setting })
}

const settingOf = (name: string): Setting | null => {
  const exact = plain.get(name)
  if (exact !== undefined) return exact
  for (const { before, after, setting } of perInterface) {
    if (!name.startsWith(before) || !name.endsWith(after) || name.length <= before.length + after.length) continue
    const part = name.slice(before.length, name.length - after.length)
    // sysctl writes a dot of an interface name as a slash (`eth0/100` is eth0.100); a dot left over is another setting.
    if (!part.includes('.')) return { setting, interface: part.replaceAll('/', '.') }
  }
  return null
}
