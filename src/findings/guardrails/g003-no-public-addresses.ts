import { field, type Json, list } from '../../model/json.ts'
import type { PlannedResource } from '../../model/plan.ts'
import { rawOf } from './deciding.ts'
import type { Guardrail, GuardrailHit, GuardrailView } from './guardrail.ts'
import { becomesTrue, blocksOf, namedBy, resourceNamed, truthAfter, truthBefore, truthOf } from './values.ts'
import { workloadSubnetsIn } from './workload-subnets.ts'

export const noPublicAddresses: Guardrail = {
  id: 'PST-G003',
  title: 'Plan gives machines public addresses',
  rule: 'no public addresses on machines, nor on subnets of machines',
  severity: 'high',
  why: 'A machine with a public address leaves past every NAT gateway and is reached from the internet as far as filters let it. Pods leave with it. A subnet that gives each interface a public address does so to every node that is ever launched there. Subnets that hold a NAT gateway or a load balancer and no machines do not count.',
  remedy: 'Launch machines without public addresses in subnets that give none.',
  references: [
    'docs/plan.md',
    'https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html',
  ],
  judges: new Set([
    'aws_instance',
    'aws_spot_instance_request',
    'aws_launch_template',
    'aws_launch_configuration',
    'aws_subnet',
    'aws_default_subnet',
    'aws_eip',
    'aws_eip_association',
  ]),
  applies: () => true,
  *run(view) {
    const resources = view.resources.filter(({ after }) => after !== null)
    const bySubnet = resourceNamed(resources)
    for (const one of resources) {
      if (!one.isChanged) continue
      switch (one.type) {
        case 'aws_instance':
        case 'aws_spot_instance_request':
          yield* ofMachine(one, bySubnet)
          break
        case 'aws_launch_template':
          yield* ofTemplate(one)
          break
        case 'aws_launch_configuration':
          if (becomesTrue(one, ATTRIBUTE))
            yield broken(one, `machines launched by it get public addresses`, `${ATTRIBUTE} = true`)
          break
        case 'aws_subnet':
        case 'aws_default_subnet':
          yield* ofSubnet(one, view)
          break
        case 'aws_eip':
          yield* ofAddress(one, ['instance', 'network_interface'])
          break
        case 'aws_eip_association':
          yield* ofAddress(one, ['instance_id', 'network_interface_id'])
          break
      }
    }
  },
}

const ATTRIBUTE = 'associate_public_ip_address'
const OF_SUBNET = 'map_public_ip_on_launch'

/** What nobody wrote is the subnet’s choice. Source: AWS provider, `aws_instance`; EC2 User Guide, “Public IPv4 addresses”. */
function* ofMachine(
  one: PlannedResource,
  resourceOf: (id: string) => PlannedResource | undefined,
): Iterable<GuardrailHit> {
  const truth = truthAfter(one, ATTRIBUTE)
  // What had one keeps it: that is nothing that the plan brings.
  if (truth === 'no' || truthBefore(one, ATTRIBUTE) === 'yes') return
  if (truth === 'yes') {
    yield broken(one, 'the machine gets a public address', `${ATTRIBUTE} = true`)
    return
  }
  if (one.before !== null && !one.actions.includes('create')) return
  if (one.written.has(ATTRIBUTE) && truth === 'open') {
    yield open(
      one,
      `whether the machine gets a public address (\`${ATTRIBUTE}\`) is not known before it is applied`,
      `a value for \`${ATTRIBUTE}\``,
    )
    return
  }
  const { ids, open: unclear } = namedBy(one, 'subnet_id')
  const subnet = ids[0] === undefined ? undefined : resourceOf(ids[0])
  if (subnet === undefined) {
    const why =
      unclear === null
        ? `its subnet${ids[0] === undefined ? '' : ` \`${ids[0]}\``} is none that the plan tells of`
        : unclear.why
    yield open(
      one,
      `whether the machine gets a public address is its subnet’s choice, and ${why}`,
      `\`${ATTRIBUTE} = false\`, or the document of the subnet`,
    )
    return
  }
  const its = truthAfter(subnet, OF_SUBNET)
  if (its === 'yes')
    yield broken(one, `the machine gets a public address from \`${subnet.address}\``, `${OF_SUBNET} = true`)
  if (its === 'open')
    yield open(
      one,
      `whether \`${subnet.address}\` gives public addresses is not known before it is applied`,
      `a value for \`${OF_SUBNET}\``,
    )
}

function* ofTemplate(one: PlannedResource): Iterable<GuardrailHit> {
  const before = blocksOf(one.before, 'network_interfaces')
  const unknown = one.unknown['network_interfaces']
  const had = before.some(block => truthIn(block) === 'yes')
  for (const [i, block] of blocksOf(one.after, 'network_interfaces').entries()) {
    const mask = Array.isArray(unknown) ? list(unknown)[i] : unknown
    const truth = truthOf(valueIn(block), mask === true ? true : valueIn(mask))
    if (truth === 'yes' && !had) {
      yield broken(one, 'machines launched by it get public addresses', `network_interfaces[${i}].${ATTRIBUTE} = true`)
      return
    }
    if (truth === 'open') {
      yield open(
        one,
        'whether machines launched by it get public addresses is not known before it is applied',
        `a value for \`${ATTRIBUTE}\``,
      )
      return
    }
  }
}

const valueIn = (block: Json | undefined): Json | undefined => field(block, ATTRIBUTE)

const truthIn = (block: Json | undefined): ReturnType<typeof truthOf> => truthOf(valueIn(block), undefined)

function* ofSubnet(one: PlannedResource, { after, resources }: GuardrailView): Iterable<GuardrailHit> {
  const truth = truthAfter(one, OF_SUBNET)
  const isOpen = truth === 'open' && one.written.has(OF_SUBNET)
  if (!isOpen && !becomesTrue(one, OF_SUBNET)) return
  const id = one.after?.['id']
  const own = typeof id === 'string' ? id : one.address
  const counts = workloadSubnetsIn(after, resources, 'after').some(subnet => rawOf(subnet.id) === own)
  const isRead = after.view.fabric.subnets.some(subnet => rawOf(subnet.id) === own)
  if (isRead && !counts) return
  if (isOpen)
    yield open(
      one,
      'whether the subnet gives public addresses is not known before it is applied',
      `a value for \`${OF_SUBNET}\``,
    )
  else yield broken(one, 'every machine that is launched in the subnet gets a public address', `${OF_SUBNET} = true`)
}

/** An elastic address that stands on a machine or an interface, not on a NAT gateway. */
function* ofAddress(one: PlannedResource, keys: readonly string[]): Iterable<GuardrailHit> {
  for (const key of keys) {
    const value = one.after?.[key]
    const was = one.before?.[key]
    if (typeof value === 'string' && value !== '') {
      if (value !== was) yield broken(one, `\`${value}\` gets an elastic address`, `${key} = ${value}`)
      return
    }
    if (one.unknown[key] !== true || !one.written.has(key)) continue
    const { ids } = namedBy(one, key)
    yield ids[0] === undefined
      ? broken(one, 'a machine or an interface gets an elastic address', `${key} is set`)
      : broken(one, `\`${ids[0]}\` gets an elastic address`, `${key} = ${ids[0]}`)
    return
  }
}

const broken = (one: PlannedResource, says: string, witness: string): GuardrailHit => ({
  verdict: 'broken',
  addresses: [one.address],
  besides: [],
  says,
  remedy: `in \`${one.address}\`: give no public address, and lead what has to leave to an approved exit`,
  settledBy: null,
  concerns: [one.address],
  path: [],
  witness,
})

const open = (one: PlannedResource, says: string, settledBy: string): GuardrailHit => ({
  ...broken(one, says, ''),
  verdict: 'unresolved',
  settledBy,
  witness: null,
})
