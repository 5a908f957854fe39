import type { ClusterInventory, Platform } from '../model/inventory.ts'
import { type Addresses, addressesOfCidrs } from '../sets/addresses.ts'
import { readCidr } from '../sets/cidr.ts'

/**
 * Where a node of a platform answers for its own identity. Not here: what is meant for pods (169.254.170.23 of EKS Pod
 * Identity).
 * Source: docs.aws.amazon.com, "Access instance metadata for an EC2 instance"; learn.microsoft.com, "Azure Instance Metadata
 * Service" and "What is IP address 168.63.129.16"; cloud.google.com/compute, "About VM metadata".
 */
const BY_PROVIDER: Readonly<Record<'aws' | 'azure' | 'gcp', readonly string[]>> = {
  aws: ['169.254.169.254/32', 'fd00:ec2::254/128'],
  azure: ['169.254.169.254/32', '168.63.129.16/32'],
  gcp: ['169.254.169.254/32', 'fd20:ce::254/128'],
}

const blocks = (texts: readonly string[]): Addresses =>
  addressesOfCidrs(
    texts.map(text => {
      const read = readCidr(text)
      if (read.kind === 'refused') throw new Error(read.why)
      return read.value
    }),
  )

const isKnown = (provider: Platform['provider']): provider is keyof typeof BY_PROVIDER =>
  provider === 'aws' || provider === 'azure' || provider === 'gcp'

/** null: a platform that has no such service, or nobody knows of one. Where no node was read, any of the three may be it. */
export const metadataAddresses = ({ platform, dataplane }: ClusterInventory): Addresses | null => {
  const { provider } = platform
  const texts = isKnown(provider)
    ? BY_PROVIDER[provider]
    : provider === null
      ? [...new Set(Object.values(BY_PROVIDER).flat())].filter(text => text !== '168.63.129.16/32')
      : null
  if (texts === null) return null
  return blocks(dataplane.ipFamilies.includes('IPv6') ? texts : texts.filter(text => !text.includes(':')))
}
