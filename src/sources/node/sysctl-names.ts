/**
 * The kernel settings that decide whether, how and as whom packets leave a node. `deploy/node-facts` keeps the same
 * list (a test compares them); everything else that `sysctl -a` prints is not ours to keep.
 * Source: Linux Documentation/networking/ip-sysctl.rst, nf_conntrack-sysctl.rst, bridge.rst, read at v6.12.
 * `*` stands for an interface name, `all` or `default`.
 */
export const EGRESS_SYSCTLS: readonly { readonly setting: string; readonly decides: string }[] = [
  { setting: 'net.ipv4.ip_forward', decides: 'whether the node forwards IPv4 at all' },
  { setting: 'net.ipv4.conf.*.forwarding', decides: 'whether packets from this interface are forwarded' },
  { setting: 'net.ipv6.conf.*.forwarding', decides: 'whether the node forwards IPv6' },
  {
    setting: 'net.ipv6.conf.*.force_forwarding',
    decides: 'whether an interface forwards IPv6 though the node does not',
  },
  { setting: 'net.ipv6.conf.*.disable_ipv6', decides: 'whether IPv6 is a way out' },
  { setting: 'net.ipv6.conf.*.accept_ra', decides: 'whether a router advertisement may give the node a default route' },
  { setting: 'net.ipv6.conf.*.accept_ra_defrtr', decides: 'whether an advertised default router is taken' },
  { setting: 'net.ipv6.conf.*.proxy_ndp', decides: 'whether the node answers for other addresses' },
  { setting: 'net.ipv4.conf.*.rp_filter', decides: 'whether a packet whose answer would leave elsewhere is dropped' },
  { setting: 'net.ipv4.conf.*.route_localnet', decides: 'whether 127.0.0.0/8 of the node can be reached from outside' },
  { setting: 'net.ipv4.conf.*.accept_local', decides: 'whether packets with a local source are taken from the wire' },
  { setting: 'net.ipv4.conf.*.accept_redirects', decides: 'whether others may change the next hop' },
  { setting: 'net.ipv6.conf.*.accept_redirects', decides: 'whether others may change the next hop' },
  { setting: 'net.ipv4.conf.*.accept_source_route', decides: 'whether a sender may choose the path' },
  { setting: 'net.ipv6.conf.*.accept_source_route', decides: 'whether a sender may choose the path' },
  { setting: 'net.ipv4.conf.*.send_redirects', decides: 'whether the node tells senders of another next hop' },
  { setting: 'net.ipv4.conf.*.proxy_arp', decides: 'whether the node answers for other addresses' },
  { setting: 'net.ipv4.conf.*.src_valid_mark', decides: 'whether the mark counts in the reverse path check' },
  { setting: 'net.ipv4.ip_local_port_range', decides: 'source ports: what replies must be let back to' },
  { setting: 'net.ipv4.ip_local_reserved_ports', decides: 'source ports that are left out' },
  { setting: 'net.ipv4.ip_unprivileged_port_start', decides: 'which ports any process may listen on' },
  {
    setting: 'net.ipv4.ip_nonlocal_bind',
    decides: 'whether a process may send from an address the node does not have',
  },
  {
    setting: 'net.ipv6.ip_nonlocal_bind',
    decides: 'whether a process may send from an address the node does not have',
  },
  { setting: 'net.ipv4.fib_multipath_hash_policy', decides: 'which of several next hops a flow takes' },
  { setting: 'net.ipv6.fib_multipath_hash_policy', decides: 'which of several next hops a flow takes' },
  { setting: 'net.ipv6.bindv6only', decides: 'whether IPv6 listeners answer IPv4' },
  { setting: 'net.bridge.bridge-nf-call-iptables', decides: 'whether bridged IPv4 passes the firewall' },
  { setting: 'net.bridge.bridge-nf-call-ip6tables', decides: 'whether bridged IPv6 passes the firewall' },
  { setting: 'net.bridge.bridge-nf-call-arptables', decides: 'whether bridged ARP passes the firewall' },
  { setting: 'net.netfilter.nf_conntrack_max', decides: 'when new flows are dropped' },
  { setting: 'net.netfilter.nf_conntrack_count', decides: 'how near that is' },
  { setting: 'net.netfilter.nf_conntrack_acct', decides: 'whether flows carry counters' },
  { setting: 'net.netfilter.nf_conntrack_timestamp', decides: 'whether flows carry times' },
  {
    setting: 'net.netfilter.nf_conntrack_helper',
    decides: 'whether protocol helpers open further flows by themselves',
  },
  {
    setting: 'net.netfilter.nf_conntrack_tcp_be_liberal',
    decides: 'whether out-of-window packets pass as established',
  },
  { setting: 'net.netfilter.nf_conntrack_tcp_loose', decides: 'whether a flow may be picked up in its middle' },
  { setting: 'net.netfilter.nf_conntrack_tcp_timeout_established', decides: 'how long an idle flow stays allowed' },
  { setting: 'net.netfilter.nf_conntrack_udp_timeout', decides: 'how long a UDP answer is allowed' },
  { setting: 'net.netfilter.nf_conntrack_udp_timeout_stream', decides: 'how long a UDP exchange stays allowed' },
]
