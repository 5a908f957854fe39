import type { Controlled } from '../../model/access.ts'
import { type Check, hit, several } from '../check.ts'

/** Ways onto the host: what a pod that nobody judged may take. */
const HOST: readonly Controlled[] = [
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'privileged',
  'capabilities',
  'hostPath',
  'hostPort',
]

export const engineFailsOpen: Check = {
  id: 'PST-N039',
  title: 'Policy engine that lets pods pass while it is down',
  severity: 'low',
  why: 'With `failurePolicy: Ignore` the API server admits what the engine does not answer for in time. Who can make the engine slow, or waits for it to restart, creates a pod that no policy judged.',
  remedy:
    'Run the engine with several replicas and a disruption budget, then set `failurePolicy: Fail` for pods; or enforce a Pod Security level, which needs no webhook.',
  references: [
    'https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/',
    'https://open-policy-agent.github.io/gatekeeper/website/docs/failing-closed/',
  ],
  *run({ cluster }) {
    for (const webhook of cluster.admission) {
      if (webhook.engine !== 'webhook' || webhook.serves === null || !webhook.failOpen) continue
      const relied = cluster.admission.filter(
        control =>
          control.engine === webhook.serves &&
          control.failOpen &&
          control.enforces !== false &&
          control.controls.some(what => HOST.includes(what)),
      )
      if (relied.length === 0) continue
      const names = [...new Set(relied.map(control => control.ref.name))]
      yield hit(
        webhook,
        `a new pod passes while ${webhook.serves} does not answer, and ${several(names)} ${names.length === 1 ? 'counts' : 'count'} on it`,
        `set \`failurePolicy: Fail\` for pods in \`${webhook.ref.name}\` once ${webhook.serves} runs with several replicas`,
        { at: ['webhooks'], witness: 'failurePolicy: Ignore' },
      )
    }
  },
}
