import { check } from './table.ts'

/** A line of a table, judged as Calico does. */
export const checkCalico = (
  purpose: string,
  yaml: string,
  from: string,
  to: string,
  expected: string,
  cni = 'calico-iptables',
): void => check(purpose, yaml, from, to, expected, cni)

/** The agent of a version, with variables of its environment. */
export const calicoAgent = (version: string, env = ''): string => `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: calico-node, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: calico-node}}
  template:
    metadata: {labels: {k8s-app: calico-node}}
    spec: {hostNetwork: true, containers: [{name: calico-node, image: "quay.io/calico/node:v${version}", env: [${env}]}]}
`
