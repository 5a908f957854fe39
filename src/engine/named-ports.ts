import type { RulePolicy, Section } from '../model/rule.ts'
import { portRange } from '../sets/port-set.ts'
import { type PortProtocol, printProtocol } from '../sets/protocol.ts'
import { portTraffic, type Traffic, unionOfTraffics } from '../sets/traffic.ts'
import type { NamedPort } from './population.ts'

/**
 * A port by name is a port of the pod at the receiving end. For ingress that is the subject, so its names are resolved before
 * anybody asks who sends; a name that the pod does not have is no port.
 * Source: k8s.io/api/networking/v1, NetworkPolicyPort, `port`: "a numerical or named port on a pod".
 */
export const withOwnPorts = (policy: RulePolicy, ports: readonly NamedPort[]): RulePolicy => {
  if (!policy.ingress.rules.some(rule => rule.traffic.named.length > 0)) return policy
  const ingress: Section = {
    ...policy.ingress,
    rules: policy.ingress.rules.map(rule =>
      rule.traffic.named.length === 0
        ? rule
        : {
            ...rule,
            traffic: {
              ...rule.traffic,
              named: [],
              exact: unionOfTraffics([
                rule.traffic.exact,
                ...rule.traffic.named.flatMap(({ name, protocol }) => trafficOfName(ports, name, protocol)),
              ]),
            },
          },
    ),
  }
  return { ...policy, ingress }
}

export const trafficOfName = (ports: readonly NamedPort[], name: string, protocol: PortProtocol): readonly Traffic[] =>
  ports.flatMap(port => {
    if (port.name !== name || port.protocol !== printProtocol(protocol)) return []
    const read = portRange(port.port)
    return read.kind === 'refused' ? [] : [portTraffic(protocol, read.value)]
  })
