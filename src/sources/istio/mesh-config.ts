import type { ConfigMap } from '../../model/cluster.ts'
import { at, field, isObject, type Json, text, texts } from '../../model/json.ts'
import type { MeshConfig } from '../../model/mesh.ts'
import { parseYaml } from '../files/yaml-documents.ts'

/**
 * MeshConfig as the control plane's ConfigMap holds it (`istio`, or `istio-REVISION`), key `mesh`. Without an
 * outboundTrafficPolicy the mode is ALLOW_ANY. Source: istio.io, MeshConfig.OutboundTrafficPolicy.
 */
export const lowerMeshConfigs = (configMaps: readonly ConfigMap[]): readonly MeshConfig[] =>
  configMaps.flatMap(map => {
    const { ref, origin, labels, annotations } = map
    const source = { ref, origin, labels, annotations }
    const mesh = map.data.get('mesh')
    if (mesh === undefined || !/^istio(-|$)/.test(ref.name)) return []
    const parsed = parseYaml(mesh)
    const config: Json | undefined = parsed.kind === 'value' ? parsed.value : undefined
    const accessLog = text(field(config, 'accessLogFile'))
    return [
      {
        ...source,
        product: 'istio' as const,
        revision: labels.get('istio.io/rev') ?? (ref.name === 'istio' ? null : ref.name.slice('istio-'.length)),
        outbound:
          text(at(config, 'outboundTrafficPolicy', 'mode')) === 'REGISTRY_ONLY'
            ? ('registry-only' as const)
            : ('allow-any' as const),
        accessLog: accessLog === undefined || accessLog === '' ? null : accessLog,
        dnsCapture: text(at(config, 'defaultConfig', 'proxyMetadata', 'ISTIO_META_DNS_CAPTURE')) === 'true',
        dualStack: text(at(config, 'defaultConfig', 'proxyMetadata', 'ISTIO_DUAL_STACK')) === 'true',
        exportTo: texts(field(config, 'defaultServiceExportTo')),
        isRead: mesh.trim() === '' || isObject(config),
        rootNamespace: text(field(config, 'rootNamespace')) ?? null,
      },
    ]
  })
