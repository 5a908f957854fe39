import type { Address } from '../ip.ts'
import { at, list, text } from '../json.ts'
import type { Json } from '../types.ts'
import { blocksOf, byLink, type Documents, isIn, lastOf, ofKind, pathOf, textsOf } from './documents.ts'
import { anybodyIn, type Senders } from './senders.ts'
import type { Broken } from './types.ts'

/** How what runs without a machine sends a packet. */
export type Sent =
  | { readonly kind: 'provider' }
  | { readonly kind: 'open' }
  | { readonly kind: 'network'; readonly senders: Senders }

/** Source: Cloud Run documentation, "VPC with connectors": RFC 1918, RFC 6598 and the two domains of private access. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '199.36.153.4/30', '199.36.153.8/30']

export const serviceSends = (documents: Documents, name: string, to: Address, broken: Broken): Sent => {
  const one = documents.find(of => at(of, 'template') !== undefined && lastOf(text(at(of, 'name')) ?? '') === name)
  const access = at(one, 'template', 'vpcAccess')
  if (access === undefined) return { kind: 'provider' }
  const takesAll =
    at(access, 'egress') === 'ALL_TRAFFIC' && !broken.has('a service sends everything by the network where it says so')
  const isInner = isIn(to, blocksOf(PRIVATE)) || broken.has('a service sends private ranges alone by the network')
  if (!takesAll && !isInner) return { kind: 'provider' }
  const [face] = list(at(access, 'networkInterfaces'))
  const project = (text(at(one, 'name')) ?? '').split('/')[1] ?? ''
  const region = (text(at(one, 'name')) ?? '').split('/')[3] ?? ''
  const subnet = subnetNamed(documents, project, region, text(at(face, 'subnetwork')) ?? '')
  if (subnet === undefined) return { kind: 'open' }
  const account = text(at(one, 'template', 'serviceAccount'))
  const tags = broken.has('tags of a service') ? [] : textsOf(at(face, 'tags'))
  return {
    kind: 'network',
    senders: anybodyIn(subnet, to, { tags, accounts: account === undefined ? null : [account] }),
  }
}

const subnetNamed = (documents: Documents, project: string, region: string, name: string): Json | undefined =>
  name.includes('/')
    ? byLink(documents, 'compute#subnetwork', pathOf(name))
    : ofKind(documents, 'compute#subnetwork').find(
        one => pathOf(at(one, 'selfLink')) === `projects/${project}/regions/${region}/subnetworks/${name}`,
      )
