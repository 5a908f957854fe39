import { meshConfigsOf } from '../../inventory/mesh.ts'
import { pathText } from '../../model/provenance.ts'
import { type Check, hit } from '../check.ts'

export const prunedField: Check = {
  id: 'PST-P001',
  title: 'Policy wider than its author wrote',
  severity: 'high',
  why: 'The API server drops fields that it does not know, with a warning that pipelines rarely show. What is left is a policy that parses, applies, and allows more than its text in Git says.',
  remedy: 'Correct the field and apply with strict validation (`kubectl apply --validate=strict`).',
  references: ['https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation'],
  *run({ cluster }) {
    const meshes = meshConfigsOf(cluster)
    const closed = meshes.length > 0 && meshes.every(mesh => mesh.outbound === 'registry-only')
    for (const pruned of cluster.pruned) {
      if (pruned.widens === null) continue
      const path = pathText(pruned.path)
      yield hit(
        pruned,
        pruned.widens,
        `correct \`${path}\` of ${pruned.ref.kind} \`${pruned.ref.name}\` and apply it with strict validation`,
        {
          at: pruned.path.slice(0, -1),
          key: path,
          witness: path,
          // What falls back to a mesh that is closed is no wider than the mesh.
          severity: pruned.ref.kind === 'Sidecar' && closed ? 'low' : null,
        },
      )
    }
  },
}
