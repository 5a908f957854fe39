import type { MeshView } from '../../model/mesh.ts'

/** A mesh that refuses everything but what the part says. For tests only. */
export const meshView = (part: Partial<MeshView>): MeshView => ({
  key: '',
  otherwise: 'refused',
  gaps: [],
  grants: [],
  detours: [],
  because: [],
  doubts: [],
  around: [],
  ...part,
})
