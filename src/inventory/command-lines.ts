import type { Container } from '../model/workload.ts'

/** Every command line of a container: its own, then those of its hooks and probes. */
export const commandLines = ({ command, args, hooks }: Container): readonly string[] => {
  const own = [...command, ...args].join(' ')
  return [...(own === '' ? [] : [own]), ...hooks.map(hook => hook.join(' '))]
}
