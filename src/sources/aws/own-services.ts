import { type Addresses, addressesOfCidrs } from '../../sets/addresses.ts'
import { type AnyCidr, readCidr } from '../../sets/cidr.ts'

/**
 * What neither security groups nor access lists filter, and no route takes: resolver, instance and task metadata, time, licences of
 * Windows. The resolver answers at the second address of the network's primary IPv4 block, too.
 * Source: VPC User Guide, “Control traffic to your AWS resources using security groups” and “Amazon DNS server”; EC2 User Guide,
 * “Instance metadata”, “Amazon Time Sync Service”; EKS User Guide, “EKS Pod Identity”.
 */
export const ownServicesOf = (primary: AnyCidr | null): Addresses =>
  addressesOfCidrs(primary?.family === 4 ? [second(primary)] : [])

const second = ({ words: [word = 0] }: AnyCidr): AnyCidr => ({ family: 4, words: [word + 2], prefix: 32 })

const cidrsOf = (texts: readonly string[]): readonly AnyCidr[] =>
  texts.flatMap(text => {
    const read = readCidr(text)
    return read.kind === 'read' ? [read.value] : []
  })

/** Where they answer whatever the network is. */
export const EVERYWHERE: Addresses = addressesOfCidrs(
  cidrsOf([
    '169.254.169.253/32',
    '169.254.169.254/32',
    '169.254.169.123/32',
    '169.254.169.249/32',
    '169.254.169.250/32',
    '169.254.169.251/32',
    '169.254.170.2/32',
    '169.254.170.23/32',
    'fd00:ec2::253/128',
    'fd00:ec2::254/128',
    'fd00:ec2::123/128',
    'fd00:ec2::240/128',
    'fd00:ec2::23/128',
  ]),
)

/** Nothing else there is forwarded, whatever routes say. Source: VPC User Guide, “Subnet route tables”, Routes. */
export const UNROUTED: Addresses = addressesOfCidrs(cidrsOf(['169.254.168.0/22', 'fd00:ec2::/32']))
