import { field, text } from '../../../model/json.ts'
import { type Effect, isEmpty, keyOf, meant, parentOf, placeOf, sentence } from './dropped.ts'

/** Source: Istio Sidecar reference. Without a mode of its own a Sidecar follows the mesh, and the mesh's default is ALLOW_ANY. */
export const sidecarWidens: Effect = dropped => {
  const key = keyOf(dropped)
  const parent = parentOf(dropped)
  const place = placeOf(dropped)
  const outbound = 'outboundTrafficPolicy'
  if (place === `spec.${outbound}` && meant(key, ['mode']) === 'mode' && dropped.wrote === 'REGISTRY_ONLY') {
    return sentence(dropped, 'mode', "the outbound mode is the mesh's own")
  }
  if (place !== 'spec') return null
  const name = meant(key, [outbound, 'egress'])
  if (name === null || !isEmpty(field(parent, name))) return null
  if (name === 'egress') return sentence(dropped, name, 'the proxies know every service that is exported to them')
  if (text(field(dropped.wrote, 'mode')) === 'ALLOW_ANY') return null
  return sentence(dropped, name, "the outbound mode is the mesh's own")
}

export const serviceEntryWidens: Effect = dropped =>
  placeOf(dropped) === 'spec' &&
  meant(keyOf(dropped), ['exportTo']) === 'exportTo' &&
  isEmpty(field(parentOf(dropped), 'exportTo'))
    ? sentence(dropped, 'exportTo', 'the hosts are open to every namespace of the mesh')
    : null
