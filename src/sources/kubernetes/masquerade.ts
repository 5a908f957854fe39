import type { ConfigMap } from '../../model/cluster.ts'
import { field, flag, texts } from '../../model/json.ts'
import type { MasqueradeConfig } from '../../model/mesh.ts'
import { parseYaml } from '../files/yaml-documents.ts'

/**
 * ip-masq-agent and its Azure and GKE descendants: pods keep their address toward `nonMasqueradeCIDRs`.
 * Source: github.com/kubernetes-sigs/ip-masq-agent, README, "Configuration".
 */
export const lowerMasquerade = (configMaps: readonly ConfigMap[]): readonly MasqueradeConfig[] =>
  configMaps.flatMap(map => {
    const { ref, origin, labels, annotations } = map
    if (!ref.name.includes('ip-masq-agent')) return []
    return [...map.data.values()].flatMap(value => {
      const parsed = parseYaml(value)
      if (parsed.kind !== 'value') return []
      return [
        {
          ref,
          origin,
          labels,
          annotations,
          nonMasqueradeRanges: texts(field(parsed.value, 'nonMasqueradeCIDRs')),
          masqueradeLinkLocal: flag(field(parsed.value, 'masqLinkLocal')),
        },
      ]
    })
  })
