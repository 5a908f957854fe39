import { dumpNamed } from './dump.ts'

/** The answers that belong to a dump with Calico's own policies, tiers and network sets. */
const { check } = dumpNamed('aks-prod-us')

for (const name of ['web', 'cart']) {
  check(`storefront/${name}`, '203.0.113.9:443', 'denied')
  check(`storefront/${name}`, 'egress-proxy/squid:3128', 'allowed')
}
// The tier `platform` has no Pass and ends in Deny: the NetworkPolicy of the namespace is never asked. Its third rule means
// whatever is in the namespaces `storefront` and `orders`, and NetworkSet `orders/edi-partner`, 203.0.113.16/28, is: a network
// set has the labels of its namespace (libcalico-go, convertNetworkSetV2ToV1Value). What is in no such set is closed.
check('orders/orders-api', '203.0.113.20:443', 'allowed', 'GlobalNetworkPolicy/platform.restricted-egress')
check('orders/orders-api', '203.0.113.32:443', 'denied', 'GlobalNetworkPolicy/platform.restricted-egress')
check('orders/orders-worker', '203.0.113.9:443', 'allowed', 'GlobalNetworkPolicy/default.allow-trusted-saas')
check('orders/orders-worker', '192.168.7.7:443', 'allowed', 'GlobalNetworkPolicy/default.allow-trusted-saas')
check('orders/orders-worker', '203.0.113.9:80', 'denied')
// Its policy stands in a tier that is not there.
check('orders/daily-report', '203.0.113.9:25', 'denied', 'GlobalNetworkPolicy/default.default-deny')
check('orders/daily-report', 'egress-proxy/squid:3128', 'denied')
check('storefront/search', '203.0.113.9:443', 'allowed', 'GlobalNetworkPolicy/default.search-saas')
check('storefront/search-canary', '203.0.113.9:443', 'denied')
check('storefront/search-canary', '203.0.113.9:53/udp', 'allowed', 'GlobalNetworkPolicy/default.allow-dns')
check('erp/legacy-erp', '203.0.113.9:4500/udp', 'allowed', 'GlobalNetworkPolicy/default.allow-internet-legacy')
check('erp/legacy-erp', '169.254.169.254:80', 'denied', 'GlobalNetworkPolicy/security.block-cloud-metadata')
check('erp/sftp-bridge', '198.51.100.140:2222', 'allowed', 'NetworkPolicy/erp-out')
check('erp/sftp-bridge', '203.0.113.9:443', 'denied')
check('batch/bulk-import', '203.0.113.9:443', 'allowed', 'GlobalNetworkPolicy/default.allow-trusted-saas')
for (const name of ['log-shipper', 'cf-tunnel']) {
  check(`ops/${name}`, '169.254.169.254:80', 'allowed', 'GlobalNetworkPolicy/security.allow-agents')
  check(`ops/${name}`, '203.0.113.9:7844/udp', 'allowed', 'GlobalNetworkPolicy/security.allow-agents')
}
check('orders/orders-db', '203.0.113.9:443', 'denied')
check('orders/orders-db', '203.0.113.9:53/udp', 'allowed')
// Its node has no host endpoint; the two others have one, and what policy does to their traffic is open.
check('ops/node-shell-k3w9', '203.0.113.9:80', 'allowed')
check('ops/node-shell-k3w9', '203.0.113.9:443', 'allowed')
check('ops/node-shell-k3w9', '169.254.169.254:80', 'allowed')
