import type { DocumentPath } from '../model/provenance.ts'
import type { Container, Workload } from '../model/workload.ts'

/** Where a container stands in its workload's document; one that admission added has no place there. */
export const pathOfContainer = ({ shape, shapePath }: Workload, container: Container): DocumentPath => {
  const list = LISTS[container.role]
  const index = shape.containers.filter(other => LISTS[other.role] === list).indexOf(container)
  return index < 0 ? shapePath : [...shapePath, list, index]
}

const LISTS: Readonly<Record<Container['role'], string>> = {
  init: 'initContainers',
  sidecar: 'initContainers',
  main: 'containers',
  ephemeral: 'ephemeralContainers',
}
