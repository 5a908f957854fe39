import type { Cluster } from '../model/cluster.ts'
import type { MeshConfig, MeshGap, MeshReason } from '../model/mesh.ts'
import type { DocumentPath } from '../model/provenance.ts'
import type { Doubt } from '../model/rule.ts'
import type { Pod } from '../model/workload.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { readAddress } from '../sets/cidr.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'
import { ANYWHERE, EVERY_TCP, EVERY_V6, listOf, NOWHERE, portsOf, rangesOf } from './mesh-boxes.ts'
import type { MeshMember, MeshSubject } from './mesh-member.ts'
import { oncePerCluster } from './mesh-once.ts'
import { processGaps } from './mesh-processes.ts'

/**
 * What a sidecar never sees, of TCP: the rules that redirect a pod’s packets return before ports and ranges that are excluded,
 * then take ports that are included, then ranges. Both families have rules of their own, and a list of ranges of one family
 * captures nothing of the other. Other protocols are captured nowhere.
 * Source: istio/istio, tools/istio-iptables/pkg/capture, `Run`, `separateV4V6`, `handleOutboundIncludeRules`; istio.io,
 * "Resource Annotations".
 */
export const istioGaps = (
  cluster: Cluster,
  subject: MeshSubject,
  member: Extract<MeshMember, { kind: 'sidecar' }>,
  config: MeshConfig | null,
): readonly MeshGap[] => [
  ...settingGaps(subject),
  ...familyGap(cluster, subject, member, config),
  ...processGaps(subject, member),
]

const settingGaps = (subject: MeshSubject): readonly MeshGap[] => {
  const settings = settingsOf(subject)
  const gaps: MeshGap[] = []
  const interception = subject.shape.annotations.get(MODE)
  if (interception === 'NONE')
    return [gap(ANYWHERE, EVERY_TCP, annotationReason(subject, MODE, 'nothing is sent through its sidecar'))]
  const interfaces = settings.get('interfaces')
  if (interfaces !== undefined && listOf(interfaces.value).length > 0)
    gaps.push(doubted(interfaces.reason('leaves past its sidecar on these interfaces'), INTERFACES))
  const included = readTraffic(settings.get('includePorts'), gaps)
  const ports = settings.get('excludePorts')
  const excluded = readTraffic(ports, gaps)
  if (ports !== undefined && !traffics.isEmpty(excluded))
    gaps.push(gap(ANYWHERE, excluded, ports.reason(`ports ${ports.value} leave past its sidecar`)))
  const ranges = settings.get('excludeRanges')
  const away = readRanges(ranges, gaps)
  if (ranges !== undefined && !bothFamilies.isEmpty(away))
    gaps.push(gap(away, EVERY_TCP, ranges.reason(`${ranges.value} is reached past its sidecar`)))
  const only = settings.get('includeRanges')
  if (only !== undefined && only.value.trim() !== '*') {
    const taken = readRanges(only, gaps)
    const rest = bothFamilies.complement(taken)
    const what = only.value.trim() === '' ? 'no address is' : `only ${only.value.trim()} is`
    gaps.push(gap(rest, traffics.subtract(EVERY_TCP, included), only.reason(`${what} reached through its sidecar`)))
  }
  return gaps
}

/** One setting, and where it stands. */
interface Setting {
  readonly value: string
  readonly reason: (says: string) => MeshReason
}

/** By annotation or, of a pod that runs, by the arguments with which its rules were written. */
const settingsOf = (subject: MeshSubject): ReadonlyMap<SettingName, Setting> => {
  const { shape, workload } = subject
  const init = subject.pods.length === 0 ? undefined : shape.containers.find(({ name }) => name === 'istio-init')
  return new Map(
    SETTINGS.flatMap(([name, key, option]): readonly (readonly [SettingName, Setting])[] => {
      const written = shape.annotations.get(key)
      if (written !== undefined)
        return [[name, { value: written, reason: says => annotationReason(subject, key, says) }]]
      const place = init === undefined || option === null ? -1 : init.args.indexOf(option)
      const argument = place < 0 ? undefined : init?.args[place + 1]
      return argument === undefined
        ? []
        : [[name, { value: argument, reason: says => ({ of: workload, at: workload.shapePath, says }) }]]
    }),
  )
}

type SettingName = 'includeRanges' | 'excludeRanges' | 'includePorts' | 'excludePorts' | 'interfaces'

/** Source: istio.io, "Resource Annotations"; options of `istio-iptables`. */
const SETTINGS: readonly (readonly [SettingName, string, string | null])[] = [
  ['includeRanges', 'traffic.sidecar.istio.io/includeOutboundIPRanges', '-i'],
  ['excludeRanges', 'traffic.sidecar.istio.io/excludeOutboundIPRanges', '-x'],
  ['includePorts', 'traffic.sidecar.istio.io/includeOutboundPorts', '-q'],
  ['excludePorts', 'traffic.sidecar.istio.io/excludeOutboundPorts', '-o'],
  ['interfaces', 'traffic.sidecar.istio.io/excludeInterfaces', '-c'],
]
const MODE = 'sidecar.istio.io/interceptionMode'

/** What cannot be read may leave anything out. */
const readTraffic = (setting: Setting | undefined, gaps: MeshGap[]): Traffic => {
  if (setting === undefined) return traffics.empty
  const read = portsOf(setting.value)
  if (read === null) gaps.push(doubted(setting.reason('has a list of ports that cannot be read'), UNREADABLE))
  return read ?? traffics.empty
}

const readRanges = (setting: Setting | undefined, gaps: MeshGap[]): Addresses => {
  if (setting === undefined) return NOWHERE
  const read = rangesOf(listOf(setting.value))
  if (read === null) gaps.push(doubted(setting.reason('has a list of ranges that cannot be read'), UNREADABLE))
  return read ?? NOWHERE
}

/**
 * Without dual stack the family of the pod’s first address decides: rules for IPv6 are written only where that is IPv6, and those
 * for IPv4 always. Source: istio/istio, tools/istio-iptables/pkg/config, `getLocalIP`, `EnableIPv6`.
 */
const familyGap = (
  cluster: Cluster,
  { pods }: MeshSubject,
  { proxy }: Extract<MeshMember, { kind: 'sidecar' }>,
  config: MeshConfig | null,
): readonly MeshGap[] => {
  const ownSetting = proxy?.env.find(({ name }) => name === 'ISTIO_DUAL_STACK')?.value
  if (ownSetting === 'true' || (ownSetting === undefined && config?.dualStack === true)) return []
  const isPlaced = pods.some(({ addresses }) => addresses.length > 0)
  const families = isPlaced ? firstFamilies(pods) : familiesOf(cluster)
  if (families.size === 1 && families.has(6)) return []
  const because: MeshReason = {
    of: config,
    at: ['data', 'mesh'],
    says: 'IPv6 leaves past the sidecar: dual stack is off, and the pod’s first address is IPv4',
  }
  const certain = families.size === 1 && (ownSetting !== undefined || config?.isRead === true)
  return [{ addresses: EVERY_V6, traffic: EVERY_TCP, doubt: certain ? null : FAMILY, because }]
}

const firstFamilies = (pods: readonly Pod[]): ReadonlySet<number> =>
  new Set(pods.flatMap(({ addresses: [first] }) => familyOf(first ?? '')))

/** A pod that is not there yet gets what others have. */
const familiesOf = oncePerCluster(({ pods }) => firstFamilies(pods))

const familyOf = (text: string): readonly number[] => {
  const read = readAddress(text)
  return read.kind === 'refused' ? [] : [read.value.family]
}

/** The same for Linkerd. Source: linkerd.io reference, "Proxy Configuration"; values of its chart, `proxyInit`. */
export const linkerdGaps = (
  cluster: Cluster,
  subject: MeshSubject,
  member: Extract<MeshMember, { kind: 'sidecar' }>,
): readonly MeshGap[] => {
  const { shape, workload } = subject
  const gaps: MeshGap[] = []
  const init = subject.pods.length === 0 ? undefined : shape.containers.find(({ name }) => name === 'linkerd-init')
  const settingOf = (key: string, option: string): Setting | undefined => {
    const written = shape.annotations.get(key) ?? cluster.namespaces.get(workload.namespace)?.annotations.get(key)
    const place = init?.args.indexOf(option) ?? -1
    const value = place < 0 ? written : init?.args[place + 1]
    return value === undefined ? undefined : { value, reason: says => annotationReason(subject, key, says) }
  }
  const ports = settingOf('config.linkerd.io/skip-outbound-ports', '--outbound-ports-to-ignore')
  const skipped = readTraffic(ports, gaps)
  if (ports !== undefined && !traffics.isEmpty(skipped))
    gaps.push(gap(ANYWHERE, skipped, ports.reason(`ports ${ports.value} leave past its sidecar`)))
  if (ports === undefined && init === undefined) {
    const usual = portsOf(USUAL_SKIPPED) ?? traffics.empty
    gaps.push({ ...gap(ANYWHERE, usual, productReason(`ports ${USUAL_SKIPPED} are skipped by default`)), doubt: USUAL })
  }
  const subnets = settingOf('config.linkerd.io/skip-subnets', '--subnets-to-ignore')
  const away = readRanges(subnets, gaps)
  if (subnets !== undefined && !bothFamilies.isEmpty(away))
    gaps.push(gap(away, EVERY_TCP, subnets.reason(`${subnets.value} is reached past its sidecar`)))
  const v6 = productReason('IPv6 is captured only where it was switched on')
  return [
    ...gaps,
    { addresses: EVERY_V6, traffic: EVERY_TCP, doubt: LINKERD_V6, because: v6 },
    ...processGaps(subject, member),
  ]
}

/** Of the chart, `proxyInit.ignoreOutboundPorts`. */
const USUAL_SKIPPED = '4567,4568'

const gap = (addresses: Addresses, traffic: Traffic, because: MeshReason): MeshGap => ({
  addresses,
  traffic,
  doubt: null,
  because,
})

const doubted = (because: MeshReason, doubt: Doubt): MeshGap => ({
  addresses: ANYWHERE,
  traffic: EVERY_TCP,
  doubt,
  because,
})

const annotationReason = ({ workload }: MeshSubject, key: string, says: string): MeshReason => ({
  of: workload,
  at: annotationPath(workload.shapePath, key),
  says,
})

const annotationPath = (shapePath: DocumentPath, key: string): DocumentPath => [
  ...shapePath.slice(0, -1),
  'metadata',
  'annotations',
  key,
]

const productReason = (says: string): MeshReason => ({ of: null, at: [], says })

const INTERFACES: Doubt = {
  level: 'unknown',
  why: 'some interfaces are left out of the capture, and which way leads over them is not known',
  settledBy: 'the interfaces and routes of the pod',
}
const UNREADABLE: Doubt = {
  level: 'unknown',
  why: 'a setting of what is captured cannot be read',
  settledBy: 'blocks as `address/prefix`, ports as numbers or ranges, between commas',
}
const FAMILY: Doubt = {
  level: 'unknown',
  why: 'whether IPv6 is captured hangs on the first address of the pod and on dual stack in the settings of the mesh',
  settledBy: 'a running pod, and the ConfigMap `istio` of the control plane',
}
const USUAL: Doubt = {
  level: 'unknown',
  why: 'which ports are skipped by default stands in the settings of the control plane',
  settledBy: 'a running pod with its `linkerd-init`',
}
const LINKERD_V6: Doubt = {
  level: 'unknown',
  why: 'whether IPv6 is captured hangs on `disableIPv6` of the control plane',
  settledBy: 'the values with which Linkerd was installed',
}
