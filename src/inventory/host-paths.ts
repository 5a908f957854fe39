/**
 * Host paths that give the node away when a container may open them, and what each gives. A path below one of these
 * counts with it; a parent of one counts too, since mounting `/var` mounts `/var/run/docker.sock`.
 */
const GIVES: readonly (readonly [string, string])[] = [
  ['/var/run/docker.sock', 'the container runtime: start any container on the node'],
  ['/run/docker.sock', 'the container runtime: start any container on the node'],
  ['/run/containerd', 'the container runtime: start any container on the node'],
  ['/var/run/containerd', 'the container runtime: start any container on the node'],
  ['/run/crio', 'the container runtime: start any container on the node'],
  ['/var/run/crio', 'the container runtime: start any container on the node'],
  ['/run/k3s', 'the container runtime: start any container on the node'],
  ['/run/podman', 'the container runtime: start any container on the node'],
  ['/run/systemd', 'the node’s service manager: start anything as root on the host'],
  ['/run/dbus', 'the node’s message bus, its service manager among what listens'],
  ['/var/run/dbus', 'the node’s message bus, its service manager among what listens'],
  ['/var/run/netns', 'the network namespaces of every pod on the node'],
  ['/run/netns', 'the network namespaces of every pod on the node'],
  ['/var/run/cri-dockerd.sock', 'the container runtime: start any container on the node'],
  ['/var/lib/docker', 'every container on the node'],
  ['/var/lib/containerd', 'every container on the node'],
  ['/var/lib/kubelet', 'the kubelet: its credentials and every pod’s volumes'],
  ['/etc/kubernetes', 'the kubelet and control plane: certificates and static pods'],
  ['/var/lib/etcd', 'the cluster’s own store'],
  ['/etc/cni', 'the network plugin’s configuration: who gets which interface'],
  ['/opt/cni', 'the network plugin’s binaries, run as root on the host'],
  ['/var/run/cilium', 'the network plugin’s control socket'],
  ['/var/run/calico', 'the network plugin’s control socket'],
  ['/sys/fs/bpf', 'the dataplane’s own programs and maps'],
  ['/proc', 'every process of the node'],
  ['/sys', 'kernel settings, network among them'],
  ['/dev', 'raw devices of the node'],
  ['/etc', 'the node’s configuration: accounts, routes, resolvers, cron'],
  ['/root', 'the node’s root account'],
  ['/home/kubernetes/bin', 'binaries of the network plugin and the kubelet, run as root on the host'],
  ['/home', 'the node’s accounts'],
  ['/boot', 'the node’s kernel'],
  ['/usr', 'the node’s binaries'],
  ['/lib/modules', 'kernel modules'],
  ['/bin', 'the node’s binaries'],
  ['/sbin', 'the node’s binaries'],
  ['/lib', 'the node’s libraries'],
  ['/var/spool/cron', 'commands run as root on the host'],
]

/** Below a dangerous folder and harmless all the same: they hold no setting, or one that everybody may know. */
const HARMLESS =
  /^\/dev\/(net\/tun|log|shm|null|zero|random|urandom|hugepages|fuse|dri|snd|infiniband|nvidia[a-z0-9-]*)(\/|$)|^\/etc\/(localtime|timezone|machine-id|os-release)$/
/** Harmless for reading: certificates of authorities, time zones, kernel settings and headers. */
const HARMLESS_TO_READ =
  /^\/etc\/(ssl\/certs|pki\/(tls\/certs|ca-trust)|ca-certificates|resolv\.conf|hosts|hostname|passwd|group|nsswitch\.conf)(\/|$)|^\/usr\/(share\/(ca-certificates|zoneinfo)|local\/share\/ca-certificates|lib\/os-release|src)(\/|$)|^\/lib\/modules(\/|$)|^\/sys(\/(?!fs\/bpf)|$)/

const WHOLE = 'the whole file system of the node'

/** What a host path gives; null for one that gives nothing of the node itself (logs, a data folder). */
export const whatHostPathGives = (path: string, readOnly: boolean): string | null => {
  const clean = cleanPath(path)
  if (clean === '/') return WHOLE
  if (HARMLESS.test(clean) || (readOnly && HARMLESS_TO_READ.test(clean))) return null
  for (const [known, gives] of GIVES) {
    if (clean === known || clean.startsWith(`${known}/`)) return gives
  }
  const below = GIVES.filter(([known]) => known.startsWith(`${clean}/`))
  const worst = below.find(([, gives]) => /runtime|kubelet/.test(gives)) ?? below[0]
  return worst === undefined ? null : `, with ${worst[0]} below it, ${worst[1]}`
}

/** As the kernel walks it: `.` and empty steps stay, `..` goes up. */
const cleanPath = (path: string): string => {
  const steps: string[] = []
  for (const step of path.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return `/${steps.join('/')}`
}
