import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import type { Fields, SubnetPlan, VpcPlan } from './plan.ts'

/** Interfaces of all networks, and elastic addresses that not every interface tells of. */
export const makeInterfaces = (random: Random, use: Use, vpcs: readonly VpcPlan[]): Fields => {
  const made = vpcs.flatMap(vpc =>
    vpc.subnets.flatMap((subnet, index) =>
      [0, 1].slice(0, 1 + random.below(2)).map(n => makeInterface(random, use, vpc, subnet, index, n)),
    ),
  )
  return {
    NetworkInterfaces: made.map(({ body }) => body),
    Addresses: made.flatMap(({ elastic }) => (elastic === null ? [] : [elastic])),
  }
}

const makeInterface = (
  random: Random,
  use: Use,
  vpc: VpcPlan,
  subnet: SubnetPlan,
  index: number,
  n: number,
): { readonly body: Json; readonly elastic: Json | null } => {
  const id = `eni-${vpc.n}${index}${n}`
  const first = `${subnet.stem}.${10 + n}`
  const PublicIp = `192.0.2.${vpc.n * 40 + index * 4 + n}`
  const isPublic = random.percent(55)
  const isElastic = isPublic && random.percent(40)
  const isTold = !isElastic || random.percent(50)
  const isSecond = random.percent(12)
  const isOfFirst = n === 1 && random.percent(40)
  const groups = random.some(vpc.groups, 1, 2)
  if (isPublic) use('a public address')
  if (isElastic) use('an elastic address')
  if (isSecond) use('a second private address')
  if (isOfFirst) use('a second interface')
  if (groups.length > 1) use('several groups')
  if (subnet.six !== null) use('IPv6')
  return {
    body: {
      NetworkInterfaceId: id,
      SubnetId: subnet.id,
      VpcId: vpc.id,
      InterfaceType: 'interface',
      SourceDestCheck: true,
      Groups: groups.map(GroupId => ({ GroupId })),
      Attachment: { InstanceId: `i-${vpc.n}${index}${isOfFirst ? 0 : n}`, Status: 'attached' },
      PrivateIpAddress: first,
      PrivateIpAddresses: [
        { Primary: true, PrivateIpAddress: first, ...(isPublic && isTold ? { Association: { PublicIp } } : {}) },
        ...(isSecond ? [{ Primary: false, PrivateIpAddress: `${subnet.stem}.${20 + n}` }] : []),
      ],
      Ipv6Addresses: subnet.six !== null && random.percent(80) ? [{ Ipv6Address: `${subnet.sixStem}${n + 10}` }] : [],
    },
    elastic: isElastic
      ? {
          AllocationId: `eipalloc-${vpc.n}${index}${n}`,
          AssociationId: `eipassoc-${vpc.n}${index}${n}`,
          Domain: 'vpc',
          PublicIp,
          NetworkInterfaceId: id,
          PrivateIpAddress: first,
        }
      : null,
  }
}
