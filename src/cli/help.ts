/** What `--help` prints: plain text that fits 80 columns. */

export const HELP = `postern finds every way out of a fleet of Kubernetes clusters.

Usage: postern VERB [SOURCE…] [flags]

Verbs
  scan [SOURCE…]        findings with owner, why, witness and remedy
  inventory [SOURCE…]   node surface, host privilege, dataplane, mesh, exits
  reach [SOURCE…]       what each workload can reach, which way, and why
  can FROM TO [SOURCE…] one question about one workload, every stage
  diff BEFORE AFTER     what became reachable, and what stopped being so
  plan PLAN.json…       what a Terraform plan opens, closes and breaks
  intent init|lint|show draft declared egress, check it, show what it adds up to
  snapshot --out DIR    read live clusters into files that every verb reads
  explain ID            a finding's or a term's page
  help VERB             a verb's flags

SOURCE is a file or folder of Kubernetes YAML or JSON, a snapshot, or - for
standard input; a folder clusters/ inside one holds one cluster per folder.
Without SOURCE the current kubeconfig context is read, read-only.

Exit code: 2 input rejected or incomplete · 1 findings at --fail-on or worse;
can: denied or mixed · 3 unknowns remain and --strict was given; can: unknown
· 0
`

const COMMON = `  -o, --output FORMAT    %OUTPUTS%
      --out FILE         write there instead of standard output
      --cluster NAME=PATH  name a source's cluster
      --kubeconfig FILE  as kubectl
      --context A,B      read these contexts; --all-contexts reads all
  -n, --namespace NAME   only these namespaces (-A: all, the default)
  -l, --selector SEL     only objects with these labels
      --now TIME         RFC 3339; default the clock
      --all              every object, nothing shortened
      --strict           exit 3 when unknowns remain
      --quiet, --verbose, --no-color
`

const flags = (outputs: string): string => COMMON.replace('%OUTPUTS%', outputs)

/** What `--cni` takes. */
const PROFILES = `  specification, unknown, antrea, aws-vpc-cni, azure-cilium, azure-cni,
  azure-npm, calico-ebpf, calico-iptables, cilium, flannel, gke-dataplane-v2,
  gke-netd, kindnet, kube-router, kubenet, ovn-kubernetes, weave-net`

const PAGES: Readonly<Record<string, string>> = {
  scan: `Usage: postern scan [SOURCE…] [flags]

Collects, takes inventory, and says what is wrong: who, why, and what to change.

${flags('table|json|yaml|markdown|sarif|junit|html')}      --fail-on SEVERITY critical|high|medium|low|none (default high)
      --baseline FILE    findings of an earlier json do not count

      --pr               BASE HEAD, or a Git range with the paths to read:
                         what the change opens and closes against what is
                         declared, as a Markdown comment (or json, yaml); exit
                         1 when something opens that nobody declared, or
                         stays open and is declared no longer
      --intent PATH      declared egress that stands elsewhere

html holds what each workload can reach, too. It is bounded: workloads with
findings come first, what is left out is named, and --all leaves nothing out.
      --cni PROFILE      as in reach
`,
  inventory: `Usage: postern inventory [SOURCE…] [flags]

What stands at the edge of each cluster, before anybody judges it.

${flags('table|wide|json|yaml')}`,
  reach: `Usage: postern reach [SOURCE…] [flags]

For each workload every destination region: verdict, traffic, way out, and the
rule that says so (wide, json). Regions never overlap. unknown says what input
would settle it.

${flags('table|wide|json|yaml')}      --from SEL         a workload's id or its last segments; * is any text
      --no-relays        leave out what goes through proxies and other relays
      --pivots           count every workload that could be taken over, too
      --cni PROFILE      judge as this network plugin does, not as the cluster's
      --layers           what each document alone holds closed
      --compat np-guard  count host-network pods as ordinary ones

With --all denied regions, too. PROFILE is one of
${PROFILES}
`,
  can: `Usage: postern can FROM TO [SOURCE…] [flags]

FROM is a workload's id or its last segments: shop/web. TO is
TARGET[:PORTS[/PROTO]]; TARGET an IPv4, [IPv6], CIDR, DNS name, id, or
svc:cluster/namespace/name. PROTO is tcp when PORTS is given, everything when
not: 1.1.1.1:443, 10.0.0.0/8:53/udp, api.example.com:443.

Exit 0 allowed · 1 denied or mixed · 3 unknown · 2 FROM or TO names nothing, or
several workloads.

${flags('table|json|yaml')}      --cni PROFILE      judge as this network plugin does, not as the cluster's
      --no-relays        leave out what goes through proxies and other relays
      --pivots           count every workload that could be taken over, too
      --compat np-guard  count host-network pods as ordinary ones

PROFILE is one of
${PROFILES}
`,
  diff: `Usage: postern diff BEFORE AFTER [flags]

What became reachable and what stopped being so, workload by workload, and what
the second source has at its edge that the first had not. Exit 1 when something
was gained.

${flags('table|json|yaml|markdown')}      --cni PROFILE      judge as this network plugin does (see reach --help)
      --compat np-guard  count host-network pods as ordinary ones
`,
  plan: `Usage: postern plan PLAN.json… [SOURCE…] [flags]

Judges a Terraform plan, as \`terraform show -json tfplan\` prints it: what may
leave after it and could not before, what no longer can, what the plan does
not tell, and which guardrails it breaks. SOURCE is what stands beside it:
clusters whose nodes run in those subnets, saved output of the cloud, and
ApprovedExit, Environment and Exception documents.

PST-G001  no default route from workload subnets to a public gateway
PST-G002  default routes lead to approved exits only
PST-G003  no public addresses on machines, nor on subnets of machines
PST-G004  nothing new between networks of different environments
PST-G005  no public load balancer without approval
PST-G006  where packets go after the plan can be told

Exit 2 a plan that failed or is not whole · 1 a guardrail is broken, or cannot
be decided, at --fail-on or worse · 3 with --strict: something is not told · 0.

${flags('table|json|yaml|markdown|sarif|junit|html')}      --fail-on SEVERITY critical|high|medium|low|none (default high)
      --baseline FILE    what an earlier json of a plan holds does not count
      --intent PATH      declared exits and environments that stand elsewhere
`,
  intent: `Usage: postern intent init|lint|show [SOURCE…] [flags]

init drafts intents from what policy lets leave, a document for each namespace
and service account, and what nodes of EKS, AKS and GKE need to start from: as
YAML, for a person to edit. Nothing that is drafted is undeclared afterwards.
lint checks EgressIntent documents and what they lean on against their schemas:
what cannot be read, is unowned, unjustified, expired, past its review, refers
to nothing, or is said twice. Exit 1 for problems at --fail-on or worse.
show prints what the documents add up to for each workload, on the day of --now.

${flags('table|json|yaml')}      --fail-on SEVERITY critical|high|medium|low|none (default high)
`,
  snapshot: `Usage: postern snapshot --out DIR [flags]

Reads live clusters with read-only verbs into files that every verb reads.
Secrets are never requested; environment values are dropped but for those that
decide egress.

      --out DIR          a new or empty folder, or an earlier snapshot
      --kubeconfig FILE  as kubectl
      --context A,B      read these contexts; --all-contexts reads all
      --now TIME         RFC 3339; default the clock
      --quiet
`,
  explain: `Usage: postern explain ID

ID is a finding's id (PST-N001) or a term of the glossary.
`,
}

export const helpOf = (verb: string): string => PAGES[verb] ?? HELP
