/**
 * One word per concept; docs/glossary.md is this list, kept equal by a test.
 */
export interface Term {
  readonly term: string
  readonly means: string
}

export const GLOSSARY: readonly Term[] = [
  {
    term: 'Actual',
    means:
      'What was seen to leave, or was seen to be stopped: flow logs, DNS logs, audit logs, probes, packet captures.',
  },
  {
    term: 'add-on',
    means:
      'Software of the platform that is known to need the host: a network plugin, a storage driver, a node agent. Listed, and reported only for privileges beyond those it is known to need.',
  },
  {
    term: 'baseline',
    means: 'The findings of an earlier scan, by fingerprint: they are shown and do not count for the exit code.',
  },
  {
    term: 'coverage',
    means:
      'What was read and how well it was understood: every object is understood, ignorable, partly understood, not implemented or unrecognised.',
  },
  {
    term: 'dataplane',
    means:
      'The software that moves packets between pods and out of a node: network plugin, kube-proxy or its replacement, masquerading.',
  },
  { term: 'Declared', means: 'What the owners say may leave, through which exit, why, and until when.' },
  {
    term: 'enforcement level',
    means:
      'How strongly an answer holds: enforced, cooperative, undefined by its specification, not enforced here, or unknown.',
  },
  {
    term: 'estate',
    means: 'Everything one run reads, taken together: clusters, exceptions, and later clouds and intents.',
  },
  {
    term: 'exception',
    means:
      'A signed-off deviation with owner, justification, ticket and expiry. The findings it covers are accepted and stay listed.',
  },
  {
    term: 'exit',
    means:
      'The last hop by which traffic leaves: a node, a NAT gateway, an egress gateway, a proxy, a private endpoint.',
  },
  { term: 'finding', means: 'One thing that is wrong at one object, with its severity, owner, witness and remedy.' },
  {
    term: 'fingerprint',
    means: 'A hash over a finding’s id, cluster, object and key. It stays when files move or lines shift.',
  },
  {
    term: 'gap',
    means:
      'A read that did not happen: a forbidden resource, an unreachable cluster. What depends on it is unknown, never absent.',
  },
  {
    term: 'host privilege',
    means: 'What a workload shares with its node: network, processes, memory, devices, kernel, file system.',
  },
  { term: 'inventory', means: 'What stands at the edge of each cluster, before anybody judges it.' },
  {
    term: 'node surface',
    means: 'Every Service and port by which something outside a node reaches it, and what stands behind.',
  },
  {
    term: 'Possible',
    means: 'What the configuration lets leave, computed exactly from policy, node, mesh and cloud routing.',
  },
  {
    term: 'profile',
    means: 'What one network plugin makes of policy where the specification leaves it open, as data with sources.',
  },
  {
    term: 'pruned field',
    means: 'A field that an author wrote and the API server dropped because its schema does not know it.',
  },
  {
    term: 'region',
    means: 'Destinations of one kind with traffic to them, for which the answer, its strength and its way out are one.',
  },
  { term: 'relay', means: 'Something that forwards for others: a proxy, a gateway, a DNS forwarder, a NodePort.' },
  { term: 'snapshot', means: 'A live read-only collection as files that every verb reads, with secrets taken out.' },
  {
    term: 'source',
    means: 'A path or live context that is read. A SOURCE path is one cluster, named after its last segment.',
  },
  {
    term: 'standard',
    means:
      'A fleet’s own naming rules: where owners are written, and which labels namespaces and workloads must carry.',
  },
  {
    term: 'verdict',
    means: 'Allowed, denied, or unknown; unknown always says why, and what would settle it.',
  },
  { term: 'witness', means: 'The concrete value or packet that proves a finding.' },
  {
    term: 'workload',
    means: 'The topmost owner of a set of pods: a Deployment, a DaemonSet, a CronJob, or a pod that nobody owns.',
  },
]
