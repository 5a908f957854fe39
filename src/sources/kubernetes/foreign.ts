import type { SupportState } from '../../model/coverage.ts'
import { field } from '../../model/json.ts'
import type { RawDocument } from '../files/read.ts'

/**
 * Documents that are no Kubernetes object: a version answer, or another tool's output. State null: part of a snapshot's
 * own form, which the live cluster had nothing of.
 */
export const foreignDocument = (
  body: RawDocument['body'],
): { state: SupportState | null; why: string; version: string | null } | null => {
  if (typeof field(body, 'apiVersion') === 'string' && typeof field(body, 'kind') === 'string') return null
  if (field(body, 'schema') === 'postern.dev/snapshot/v1') return { state: null, why: '', version: null }
  const server = field(body, 'serverVersion') ?? body
  const version = field(server, 'gitVersion')
  if (typeof version === 'string') return { state: 'understood', why: '', version }
  if (
    field(body, 'format_version') !== undefined &&
    (field(body, 'planned_values') ?? field(body, 'values')) !== undefined
  ) {
    return { state: 'notImplemented', why: 'Terraform plan or state: recognised, not read yet', version: null }
  }
  return { state: 'unrecognised', why: 'no Kubernetes object and no other document that is known', version: null }
}
