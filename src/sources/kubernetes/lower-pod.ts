import { at, field, flag, integer, isObject, type Json, list, text, textMap, texts } from '../../model/json.ts'
import type { Container, EnvVar, PodShape, Toleration, Volume } from '../../model/workload.ts'

/**
 * A PodSpec (with the metadata beside it) as the shape that decides its ways out.
 * Source: k8s.io/api/core/v1, types PodTemplateSpec, PodSpec, Container, SecurityContext.
 */
export const lowerPodShape = (metadata: Json | undefined, spec: Json | undefined): PodShape => {
  const security = field(spec, 'securityContext')
  const dns = field(spec, 'dnsConfig')
  return {
    labels: textMap(field(metadata, 'labels')),
    annotations: podAnnotations(field(metadata, 'annotations')),
    serviceAccount: text(field(spec, 'serviceAccountName')) || text(field(spec, 'serviceAccount')) || 'default',
    hostNetwork: flag(field(spec, 'hostNetwork')),
    hostPID: flag(field(spec, 'hostPID')),
    hostIPC: flag(field(spec, 'hostIPC')),
    hostProcess: flag(at(security, 'windowsOptions', 'hostProcess')),
    dnsPolicy: text(field(spec, 'dnsPolicy')) || 'ClusterFirst',
    dns: isObject(dns)
      ? { nameservers: texts(field(dns, 'nameservers')), searches: texts(field(dns, 'searches')) }
      : null,
    hostAliases: list(field(spec, 'hostAliases')).map(alias => ({
      ip: text(field(alias, 'ip')) ?? '',
      hostnames: texts(field(alias, 'hostnames')),
    })),
    nodeSelector: textMap(field(spec, 'nodeSelector')),
    tolerations: list(field(spec, 'tolerations')).map(lowerToleration),
    nodeName: text(field(spec, 'nodeName')) || null,
    os: text(at(spec, 'os', 'name')) ?? null,
    runAsUser: integer(field(security, 'runAsUser')) ?? null,
    runAsGroup: integer(field(security, 'runAsGroup')) ?? null,
    containers: [
      ...list(field(spec, 'initContainers')).map(container =>
        lowerContainer(container, text(field(container, 'restartPolicy')) === 'Always' ? 'sidecar' : 'init'),
      ),
      ...list(field(spec, 'containers')).map(container => lowerContainer(container, 'main')),
      ...list(field(spec, 'ephemeralContainers')).map(container => lowerContainer(container, 'ephemeral')),
    ],
    volumes: list(field(spec, 'volumes')).map(lowerVolume),
  }
}

/** Everything but the copy that kubectl leaves: it is large, and compared elsewhere. */
const podAnnotations = (annotations: Json | undefined): ReadonlyMap<string, string> => {
  const map = textMap(annotations)
  if (!map.has(LAST_APPLIED)) return map
  const rest = new Map(map)
  rest.delete(LAST_APPLIED)
  return rest
}

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

const lowerToleration = (toleration: Json): Toleration => ({
  key: text(field(toleration, 'key')) ?? null,
  operator: text(field(toleration, 'operator')) ?? 'Equal',
  value: text(field(toleration, 'value')) ?? null,
  effect: text(field(toleration, 'effect')) ?? null,
})

const lowerContainer = (container: Json, role: Container['role']): Container => {
  const security = field(container, 'securityContext')
  return {
    role,
    name: text(field(container, 'name')) ?? '',
    image: text(field(container, 'image')) ?? '',
    command: texts(field(container, 'command')),
    args: texts(field(container, 'args')),
    hooks: [
      at(container, 'lifecycle', 'postStart'),
      at(container, 'lifecycle', 'preStop'),
      field(container, 'startupProbe'),
      field(container, 'livenessProbe'),
      field(container, 'readinessProbe'),
    ].flatMap(hook => {
      const command = texts(at(hook, 'exec', 'command'))
      return command.length === 0 ? [] : [command]
    }),
    env: list(field(container, 'env')).map(lowerEnv),
    envFrom: list(field(container, 'envFrom')).flatMap(lowerEnvFrom),
    ports: list(field(container, 'ports')).map(port => ({
      name: text(field(port, 'name')) ?? null,
      protocol: text(field(port, 'protocol')) ?? 'TCP',
      port: integer(field(port, 'containerPort')) ?? 0,
      hostPort: integer(field(port, 'hostPort')) ?? 0,
      hostIP: text(field(port, 'hostIP')) || null,
    })),
    mounts: list(field(container, 'volumeMounts')).map(mount => ({
      volume: text(field(mount, 'name')) ?? '',
      path: text(field(mount, 'mountPath')) ?? '',
      readOnly: flag(field(mount, 'readOnly')),
    })),
    devices: list(field(container, 'volumeDevices')).flatMap(device => text(field(device, 'devicePath')) ?? []),
    privileged: flag(field(security, 'privileged')),
    // The API accepts both spellings; the runtime drops the prefix.
    capabilitiesAdded: texts(at(security, 'capabilities', 'add')).map(name => name.toUpperCase().replace(/^CAP_/, '')),
    hostProcess: flag(at(security, 'windowsOptions', 'hostProcess')),
    runAsUser: integer(field(security, 'runAsUser')) ?? null,
    runAsGroup: integer(field(security, 'runAsGroup')) ?? null,
  }
}

const lowerEnv = (variable: Json): EnvVar => {
  const from = field(variable, 'valueFrom')
  const configMap = field(from, 'configMapKeyRef')
  const secret = field(from, 'secretKeyRef')
  const reference = (kind: 'ConfigMap' | 'Secret', ref: Json | undefined) => ({
    kind,
    name: text(field(ref, 'name')) ?? '',
    key: text(field(ref, 'key')) ?? '',
  })
  return {
    name: text(field(variable, 'name')) ?? '',
    value: text(field(variable, 'value')) ?? null,
    from:
      configMap !== undefined
        ? reference('ConfigMap', configMap)
        : secret !== undefined
          ? reference('Secret', secret)
          : from !== undefined
            ? { kind: 'field', name: '', key: text(at(from, 'fieldRef', 'fieldPath')) ?? '' }
            : null,
  }
}

const lowerEnvFrom = (source: Json): Container['envFrom'] => {
  const prefix = text(field(source, 'prefix')) ?? ''
  const configMap = text(at(source, 'configMapRef', 'name'))
  if (configMap !== undefined) return [{ kind: 'ConfigMap', name: configMap, prefix }]
  const secret = text(at(source, 'secretRef', 'name'))
  return secret === undefined ? [] : [{ kind: 'Secret', name: secret, prefix }]
}

const lowerVolume = (volume: Json): Volume => {
  const name = text(field(volume, 'name')) ?? ''
  const path = text(at(volume, 'hostPath', 'path'))
  if (path !== undefined) {
    return { name, source: { kind: 'hostPath', path, type: text(at(volume, 'hostPath', 'type')) || null } }
  }
  const configMap = text(at(volume, 'configMap', 'name'))
  if (configMap !== undefined) return { name, source: { kind: 'configMap', name: configMap } }
  const type = isObject(volume) ? (Object.keys(volume).find(key => key !== 'name') ?? 'emptyDir') : 'emptyDir'
  return { name, source: { kind: 'other', type } }
}
