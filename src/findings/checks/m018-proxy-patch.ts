import { type Check, hit } from '../check.ts'

export const proxyPatch: Check = {
  id: 'PST-M018',
  title: 'Patch of the mesh proxies on the way out',
  severity: 'low',
  why: 'An EnvoyFilter rewrites the proxies themselves, below every other mesh document: it may send unknown destinations on where the mesh refuses them, and no setting that reviewers read shows it.',
  remedy: 'Say it with the mesh’s own documents, or review the patch with each version of the mesh.',
  references: ['https://istio.io/latest/docs/reference/config/networking/envoy-filter/'],
  *run({ cluster }) {
    for (const patch of cluster.mesh.patches) {
      if (!patch.outbound) continue
      yield hit(
        patch,
        patch.touchesUnknown
          ? 'it patches where the proxies send destinations that the mesh does not know'
          : 'it patches the proxies on the way out; what that does to egress is not evaluated',
        `review EnvoyFilter \`${patch.ref.name}\` in \`${patch.namespace}\`, or replace it by the mesh’s own documents`,
        {
          at: ['spec', 'configPatches'],
          severity: patch.touchesUnknown ? 'high' : null,
          witness: patch.touchesUnknown ? 'PassthroughCluster or BlackHoleCluster' : null,
        },
      )
    }
  },
}
