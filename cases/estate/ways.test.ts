import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { can } from '../../src/app/can.ts'
import { loadEstate } from '../../src/app/load.ts'
import { ESTATE } from './answer-key.ts'

// Who leaves where, and as whom: worked out by hand from the tables, groups and gateways under examples/estate/network.

const loaded = loadEstate([{ path: ESTATE, cluster: null }])
const [WORLD, PARTNER] = ['8.8.8.8:443/tcp', '192.88.99.9:443/tcp']

/** `allowed nat 192.0.2.11`: what becomes of it, by which kind of exit, and as whom it is seen. */
const check = (from: string, to: string, expected: string): void => {
  test(`${from} to ${to}`, () => {
    const { verdict, exit } = can(loaded, from, to, { profile: null, compat: null })
    const seen = [...exit.sourceAddresses].sort()
    assert.equal(verdict === 'denied' ? verdict : [verdict, exit.kind, ...seen].join(' '), expected)
  })
}

describe('AWS', () => {
  const [a, b] = ['aws:instance/i-095edd5cd0fcce4e1', 'aws:instance/i-06ccc840754d69cdb']
  // Each zone has its firewall and its NAT gateway behind the hub, and the firewall lets HTTPS out.
  check(a, WORLD, 'allowed nat 192.0.2.11')
  check(b, WORLD, 'allowed nat 192.0.2.12')
  check(a, '8.8.8.8:25/tcp', 'denied')
  // Both have the partner's route, and b one for IPv6.
  check(a, PARTNER, 'allowed nat 192.0.2.20')
  check(b, PARTNER, 'allowed nat 192.0.2.20')
  check(b, '[2606:4700::1111]:443/tcp', 'allowed egress-only-gateway 2001:db8:20:c::54')
  // The peering is gone, and its route is not.
  check(a, '192.168.77.9:443/tcp', 'denied')
  // A pod on b, one on the terminals' node, and one on the egress node with its two halves.
  check('eks-payments-eu/wallet/Deployment/statement-renderer', WORLD, 'allowed nat 192.0.2.12')
  check('eks-payments-eu/wallet/Deployment/wallet-web', WORLD, 'allowed internet-gateway 203.0.113.24')
  check('eks-payments-eu/istio-egress/Deployment/istio-egressgateway', WORLD, 'allowed nat 192.0.2.20')
  check('fx-rates', WORLD, 'allowed provider-managed')
  check('acquirer-report', WORLD, 'allowed nat 192.0.2.20')
})

describe('Azure', () => {
  const nodes = 'azure:vmss/9b7f6c1e-5c1d-4a53-8a7c-2f0b6d3e9a10/mc_rg-retail-us_aks-retail-us_eastus2'
  check('aks-retail-us/shop/Deployment/shop-web', WORLD, 'allowed firewall 192.0.2.40')
  check('aks-retail-us/shop/Deployment/shop-web', PARTNER, 'allowed nat 192.0.2.44')
  check(`${nodes}/aks-system-20417711-vmss/0`, WORLD, 'allowed load-balancer-outbound 192.0.2.48')
  check(`${nodes}/aks-stores-18820045-vmss/0`, WORLD, 'allowed internet-gateway 203.0.113.90')
  // On the Windows node: nobody says as whom.
  check('aks-retail-us/stores/DaemonSet/till-updater', WORLD, 'allowed provider-managed')
  check('func-stock-feed', WORLD, 'allowed firewall 192.0.2.40')
  check('func-points-expiry', WORLD, 'allowed provider-managed')
  // The firewall's rule for functions is for the web alone; that of Black Friday is for nodes.
  check('func-stock-feed', '8.8.8.8:22/tcp', 'denied')
  check(`${nodes}/aks-apps-31427158-vmss/1`, '8.8.8.8:22/tcp', 'allowed firewall 192.0.2.40')
})

describe('Google Cloud', () => {
  check('gke-analytics-asia/ml-training/DaemonSet/flow-tap', WORLD, 'allowed internet-gateway 203.0.113.231')
  check('report-export', WORLD, 'allowed nat 192.0.2.60 192.0.2.61')
  check('report-export', '8.8.8.8:25/tcp', 'denied')
  check('label-api', WORLD, 'allowed provider-managed')
  check('catalogue-sync', WORLD, 'allowed provider-managed')
})
