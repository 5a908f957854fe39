import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { load } from 'js-yaml'
import { loadEstate } from '../src/app/load.ts'
import { EVALUATED } from '../src/sources/azure/schema.ts'
import { KINDS, NAMED } from '../src/sources/gcp/schema.ts'

// The scripts run against command lines that answer as the real ones do, and note what they are asked.

const scratch = mkdtempSync(join(tmpdir(), 'postern-collect-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

/** Each call by its words, what it prints as JSON, and what a list of names prints as text. */
interface Call {
  readonly words: string
  readonly prints: unknown
  readonly names?: string
  /** It prints text whatever is asked. */
  readonly isText?: true
  /** Types or kinds of what it prints, as the reader calls them. */
  readonly kinds: readonly string[]
  /** What a role has to allow for it. */
  readonly needs: readonly string[]
}

const collect = (script: string, tool: string, calls: readonly Call[], more: readonly string[], refused = 'none') => {
  const home = mkdtempSync(join(scratch, 'home-'))
  const bin = join(home, 'bin')
  mkdirSync(bin)
  const cases = calls.map(
    ({ words, prints, names, isText = false }) => `*" ${words} "*)
case "$*" in *"${refused}"*) echo refused >&2; exit 1 ;; esac
case "$*" in
${isText ? '*' : '*"--output tsv"* | *"value("*'}) printf '${names ?? ''}\\n' ;;
*) echo '${JSON.stringify(prints, null, 2)}' ;;
esac ;;`,
  )
  writeFileSync(
    join(bin, tool),
    `#!/bin/sh\necho " $* " >>"${home}/calls"\ncase " $* " in\n${cases.join('\n')}\n*) exit 64 ;;\nesac\n`,
  )
  chmodSync(join(bin, tool), 0o755)
  const to = join(home, 'network')
  const { status, stderr } = spawnSync('sh', [join(import.meta.dirname, '../deploy', script), to, ...more], {
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    encoding: 'utf8',
  })
  const asked = readFileSync(`${home}/calls`, 'utf8').split('\n')
  return {
    to,
    status,
    stderr,
    asked,
    made: calls.filter(({ words }) => asked.some(line => line.includes(` ${words} `))),
  }
}

const ID = '/subscriptions/s1/resourceGroups/rg/providers/'
const azure = (words: string, types: readonly string[], more: Partial<Call> = {}): Call => ({
  words,
  prints: types.map(type => {
    const [provider, ...parts] = type.split('/')
    return {
      id: `${ID}${provider}/${parts.map(part => `${part}/x`).join('/')}`,
      name: 'x',
      type,
      location: 'westeurope',
    }
  }),
  kinds: types.map(type => type.toLowerCase()),
  needs: types.map(type => `${type}/read`),
  ...more,
})
const N = 'Microsoft.Network'

/** Longer words stand before those that they begin with. */
const AZ: readonly Call[] = [
  azure('account list', [], { names: 's1', needs: [] }),
  azure('network vnet list', [`${N}/virtualNetworks`], { names: 'westeurope' }),
  azure('network route-table list', [`${N}/routeTables`]),
  azure('network nsg list', [`${N}/networkSecurityGroups`]),
  azure('network asg list', [`${N}/applicationSecurityGroups`]),
  azure('network nic list', [`${N}/networkInterfaces`]),
  azure('network public-ip prefix list', [`${N}/publicIPPrefixes`]),
  azure('network public-ip list', [`${N}/publicIPAddresses`]),
  azure('network nat gateway list', [`${N}/natGateways`]),
  azure('network lb list', [`${N}/loadBalancers`]),
  azure('network private-endpoint list', [`${N}/privateEndpoints`]),
  azure('network firewall policy rule-collection-group list', [`${N}/firewallPolicies/ruleCollectionGroups`]),
  azure('network firewall policy list', [`${N}/firewallPolicies`], { names: 'rg\\tpolicy' }),
  azure('network firewall list', [`${N}/azureFirewalls`]),
  azure('network ip-group list', [`${N}/ipGroups`]),
  azure('network vnet-gateway list-learned-routes', [], {
    prints: { value: [] },
    needs: [`${N}/virtualNetworkGateways/getLearnedRoutes/action`],
  }),
  azure('network vnet-gateway list', [`${N}/virtualNetworkGateways`], {
    names: `${ID}${N}/virtualNetworkGateways/x\\tx`,
  }),
  azure('network local-gateway list', [`${N}/localNetworkGateways`]),
  azure('network vpn-connection list', [`${N}/connections`]),
  azure('network watcher flow-log list', [`${N}/networkWatchers/flowLogs`]),
  azure('network list-service-tags', [], {
    prints: { cloud: 'Public', name: 'Public', values: [] },
    needs: [`${N}/locations/serviceTags/read`],
  }),
  azure('vmss list-instances', ['Microsoft.Compute/virtualMachineScaleSets/virtualMachines']),
  azure('vmss nic list', ['Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces'], {
    needs: ['Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read'],
  }),
  azure('vmss list', ['Microsoft.Compute/virtualMachineScaleSets'], { names: 'rg\\tset' }),
  azure('vm list', ['Microsoft.Compute/virtualMachines']),
  azure('aks list', ['Microsoft.ContainerService/managedClusters']),
  azure('webapp list', ['Microsoft.Web/sites']),
  azure('functionapp list', ['Microsoft.Web/sites']),
  azure('containerapp env list', ['Microsoft.App/managedEnvironments']),
  azure('containerapp list', ['Microsoft.App/containerApps']),
  azure('group list', [], { names: 'rg', needs: ['Microsoft.Resources/subscriptions/resourceGroups/read'] }),
]

/** What stands inside of other outputs. */
const INSIDE = [
  'microsoft.network/virtualnetworks/subnets',
  'microsoft.network/virtualnetworks/virtualnetworkpeerings',
  'microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces/ipconfigurations/publicipaddresses',
]

describe('what is saved of Azure', () => {
  test('is what is read of it', () => {
    const { status, stderr, made } = collect('collect-azure', 'az', AZ, [])
    assert.equal(stderr.replace('s1\n', ''), '')
    assert.equal(status, 0)
    assert.deepEqual(made.length, AZ.length, 'every call is made')
    const read = EVALUATED.filter(type => !INSIDE.includes(type))
    assert.deepEqual([...new Set(made.flatMap(({ kinds }) => kinds))].sort(), [...read].sort())
  })
  test('is recognised, every file of it', () => {
    const { to } = collect('collect-azure', 'az', AZ, ['s1'])
    const { estate } = loadEstate([{ path: to, cluster: null }])
    assert.equal(estate.coverage.unrecognised, 0)
    const learned = JSON.parse(readFileSync(join(to, 's1/learned-rg-x.json'), 'utf8'))
    assert.deepEqual(learned, { virtualNetworkGateway: `${ID}${N}/virtualNetworkGateways/x`, value: [] })
  })
  test('needs the role of the page', () => {
    const page = readFileSync(join(import.meta.dirname, 'collect-azure.md'), 'utf8')
    const { Actions } = JSON.parse(page.split('```json\n')[1]?.split('```')[0] ?? '') as { Actions: readonly string[] }
    const patterns = Actions.map(one => new RegExp(`^${one.replaceAll('.', '\\.').replace('*', '.*')}$`))
    const needed = AZ.flatMap(({ needs }) => needs)
    for (const one of needed)
      assert.ok(
        patterns.some(pattern => pattern.test(one)),
        one,
      )
    for (const [i, pattern] of patterns.entries())
      assert.ok(
        needed.some(one => pattern.test(one)),
        Actions[i],
      )
  })
  test('leaves out what is set for programs', () => {
    const { asked } = collect('collect-azure', 'az', AZ, ['s1'])
    const calls = asked.filter(line =>
      / (vm|vmss|aks|webapp|functionapp|containerapp|containerapp env) list /.test(line),
    )
    assert.ok(calls.length >= 7)
    for (const call of calls) assert.match(call, /--query /)
    assert.ok(calls.every(call => !/osProfile|appSettings|template|secrets/.test(call)))
  })
  test('lacks what was refused, and says so', () => {
    const { status, stderr, to } = collect('collect-azure', 'az', AZ, ['s1'], 'network nsg list')
    assert.equal(status, 1)
    assert.match(stderr, /Refused, and so unknown:\n {2}az network nsg list --subscription s1\n/)
    assert.ok(!existsSync(join(to, 's1/security-groups.json')))
    assert.ok(existsSync(join(to, 's1/route-tables.json')))
  })
})

const LINK = 'https://www.googleapis.com/compute/v1/projects/p/'
const gcp = (
  words: string,
  kind: string | null,
  body: object,
  needs: readonly string[],
  more: Partial<Call> = {},
): Call => ({
  words,
  prints: kind === null ? [] : [{ kind, name: 'x', ...body }],
  kinds: kind === null ? [] : [kind],
  needs,
  ...more,
})
const link = (path: string): object => ({ selfLink: `${LINK}${path}` })

const GCLOUD: readonly Call[] = [
  { words: 'config get-value project', prints: 'p', names: 'p', isText: true, kinds: [], needs: [] },
  {
    words: 'projects describe',
    prints: { projectId: 'p', projectNumber: '1', lifecycleState: 'ACTIVE' },
    kinds: ['projects'],
    needs: ['resourcemanager.projects.get'],
  },
  gcp(
    'compute networks subnets list',
    'compute#subnetwork',
    link('regions/r1/subnetworks/x'),
    ['compute.subnetworks.list'],
    {
      names: 'r1',
    },
  ),
  {
    words: 'compute networks get-effective-firewalls',
    prints: { firewalls: [] },
    kinds: ['effectiveFirewalls'],
    needs: ['compute.networks.getEffectiveFirewalls'],
  },
  gcp('compute networks vpc-access connectors list', null, {}, ['vpcaccess.connectors.list'], {
    prints: [{ name: 'projects/p/locations/r1/connectors/x', network: 'x', ipCidrRange: '10.8.0.0/28' }],
    kinds: ['connectors'],
  }),
  gcp('compute networks list', 'compute#network', link('global/networks/x'), ['compute.networks.list'], {
    names: `${LINK}global/networks/x\\tx`,
  }),
  gcp('compute routes list', 'compute#route', link('global/routes/x'), ['compute.routes.list']),
  {
    words: 'compute routers get-status',
    prints: { kind: 'compute#routerStatusResponse', result: { bestRoutes: [] } },
    kinds: ['status'],
    needs: ['compute.routers.get'],
  },
  gcp('compute routers list', 'compute#router', link('regions/r1/routers/x'), ['compute.routers.list'], {
    names: `${LINK}regions/r1/routers/x\\tx\\tr1`,
  }),
  gcp('compute firewall-rules list', 'compute#firewall', link('global/firewalls/x'), ['compute.firewalls.list']),
  gcp('compute addresses list', 'compute#address', link('regions/r1/addresses/x'), [
    'compute.addresses.list',
    'compute.globalAddresses.list',
  ]),
  gcp('compute vpn-tunnels list', 'compute#vpnTunnel', link('regions/r1/vpnTunnels/x'), ['compute.vpnTunnels.list']),
  gcp('compute vpn-gateways list', 'compute#vpnGateway', link('regions/r1/vpnGateways/x'), [
    'compute.vpnGateways.list',
  ]),
  gcp('compute target-vpn-gateways list', 'compute#targetVpnGateway', link('regions/r1/targetVpnGateways/x'), [
    'compute.targetVpnGateways.list',
  ]),
  gcp(
    'compute interconnects attachments list',
    'compute#interconnectAttachment',
    link('regions/r1/interconnectAttachments/x'),
    ['compute.interconnectAttachments.list'],
  ),
  gcp('compute forwarding-rules list', 'compute#forwardingRule', link('regions/r1/forwardingRules/x'), [
    'compute.forwardingRules.list',
    'compute.globalForwardingRules.list',
  ]),
  {
    words: 'compute network-firewall-policies get-effective-firewalls',
    prints: { firewalls: [] },
    kinds: ['effectiveFirewalls'],
    needs: ['compute.networks.getRegionEffectiveFirewalls'],
  },
  gcp('compute network-firewall-policies list', 'compute#firewallPolicy', link('global/firewallPolicies/x'), [
    'compute.firewallPolicies.list',
  ]),
  gcp(
    'network-connectivity policy-based-routes list',
    'networkconnectivity#policyBasedRoute',
    { name: 'projects/p/locations/global/policyBasedRoutes/x' },
    ['networkconnectivity.policyBasedRoutes.list'],
  ),
  gcp('compute instances list', 'compute#instance', link('zones/z1/instances/x'), ['compute.instances.list']),
  {
    words: 'container clusters list',
    prints: [
      { name: 'x', selfLink: 'https://container.googleapis.com/v1/projects/p/locations/r1/clusters/x', nodePools: [] },
    ],
    kinds: ['container clusters'],
    needs: ['container.clusters.list'],
  },
  ...(
    [
      ['services', 'serving.knative.dev/v1', 'Service'],
      ['jobs', 'run.googleapis.com/v1', 'Job'],
    ] as const
  ).map(
    ([name, apiVersion, kind]): Call => ({
      words: `run ${name} list`,
      prints: [
        {
          apiVersion,
          kind,
          metadata: { name: 'x', namespace: '1', labels: { 'cloud.googleapis.com/location': 'r1' } },
        },
      ],
      kinds: [name],
      needs: [`run.${name}.list`],
    }),
  ),
  {
    words: 'functions list',
    prints: [{ name: 'projects/p/locations/r1/functions/x', serviceConfig: {} }],
    kinds: ['functions'],
    needs: ['cloudfunctions.functions.list'],
  },
]

describe('what is saved of Google Cloud', () => {
  test('is what is read of it', () => {
    const { status, stderr, made } = collect('collect-gcp', 'gcloud', GCLOUD, [])
    assert.equal(stderr.replace('p\n', ''), '')
    assert.equal(status, 0)
    assert.equal(made.length, GCLOUD.length, 'every call is made')
    const read = [
      ...Object.entries(KINDS).flatMap(([kind, known]) => (known === null ? [] : [kind])),
      ...Object.keys(NAMED).filter(name => name !== 'policyBasedRoutes'),
      'container clusters',
      'projects',
      'effectiveFirewalls',
      'status',
    ]
    assert.deepEqual([...new Set(made.flatMap(({ kinds }) => kinds))].sort(), read.sort())
  })
  test('is recognised, every file of it', () => {
    const { to } = collect('collect-gcp', 'gcloud', GCLOUD, ['p'])
    const { estate } = loadEstate([{ path: to, cluster: null }])
    assert.deepEqual(
      estate.coverage.notes.filter(({ state }) => state === 'unrecognised'),
      [],
    )
    const wrapped = JSON.parse(readFileSync(join(to, 'p/firewalls-x-r1.json'), 'utf8'))
    assert.deepEqual(wrapped, {
      network: `${LINK}global/networks/x`,
      region: 'r1',
      effectiveFirewalls: { firewalls: [] },
    })
  })
  test('needs the role of the page, no more and no less', () => {
    const page = readFileSync(join(import.meta.dirname, 'collect-gcp.md'), 'utf8')
    const role = load(page.split('```yaml\n')[1]?.split('```')[0] ?? '') as { includedPermissions: readonly string[] }
    assert.deepEqual([...new Set(GCLOUD.flatMap(({ needs }) => needs))].sort(), role.includedPermissions)
  })
  test('leaves out what is set for programs', () => {
    const { asked } = collect('collect-gcp', 'gcloud', GCLOUD, ['p'])
    const calls = asked.filter(line => / (instances|clusters|services|jobs|functions) list /.test(line))
    assert.equal(calls.length, 5)
    for (const call of calls) assert.match(call, /--format json\(/)
    assert.ok(calls.every(call => !/env|masterAuth|containers|startup/.test(call)))
  })
  test('lacks what was refused, and says so', () => {
    const { status, stderr, to } = collect('collect-gcp', 'gcloud', GCLOUD, ['p'], 'compute routes list')
    assert.equal(status, 1)
    assert.match(stderr, /Refused, and so unknown:\n {2}gcloud compute routes list --project p\n/)
    assert.ok(!existsSync(join(to, 'p/routes.json')))
  })
})
