import type { AdmissionControl, Controlled } from '../../../model/access.ts'

/** Every rule is asked about each of these. */
export const CONTROLLED: readonly Controlled[] = [
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'privileged',
  'capabilities',
  'hostPath',
  'hostPort',
  'nodePorts',
  'loadBalancers',
  'externalIPs',
]

export type Verdicts = Pick<AdmissionControl, 'controls' | 'denies' | 'mayDeny'>

/** `denies` true: refused whatever else the object says; null: something that is not evaluated decides. */
export const verdictsOf = (looksAt: readonly Controlled[], denies: (what: Controlled) => boolean | null): Verdicts => {
  const asked = CONTROLLED.map(what => ({ what, answer: denies(what) }))
  const certain = asked.filter(({ answer }) => answer === true).map(({ what }) => what)
  return {
    controls: CONTROLLED.filter(what => looksAt.includes(what) || certain.includes(what)),
    denies: certain,
    mayDeny: asked.filter(({ what, answer }) => answer === null && looksAt.includes(what)).map(({ what }) => what),
  }
}

/** A control that enforces nothing denies nothing. */
export const NOTHING_DENIED = { enforces: false, denies: [], mayDeny: [] } as const

/** The same control where it is not known whether it works: what it would deny, it may deny. */
export const unsure = <T extends Pick<AdmissionControl, 'enforces' | 'denies' | 'mayDeny' | 'why'>>(
  control: T,
  why: string,
): T =>
  control.enforces === false
    ? control
    : { ...control, enforces: null, denies: [], mayDeny: [...control.denies, ...control.mayDeny], why }
