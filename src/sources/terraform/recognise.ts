import { isObject, type JsonObject, text } from '../../model/json.ts'

/** Whether a document is what `terraform show -json` prints of a plan or a state. It looks at top-level keys alone. */
export const isTerraformOutput = (body: JsonObject): boolean => {
  if (Object.hasOwn(body, 'apiVersion') || !Object.hasOwn(body, 'format_version')) return false
  if (text(body['format_version']) === undefined) return false
  return isPlan(body) || isObject(own(body, 'values')) || isEmptyState(body)
}

/** A plan names the changes, or what comes of them. */
export const isPlan = (body: JsonObject): boolean =>
  isObject(own(body, 'planned_values')) || Array.isArray(own(body, 'resource_changes'))

/** Of a state without resources there is nothing but versions. Source: Terraform, “JSON Output Format”, State Representation. */
const isEmptyState = (body: JsonObject): boolean =>
  Object.hasOwn(body, 'terraform_version') && Object.keys(body).every(key => VERSIONS.includes(key))

const VERSIONS = ['format_version', 'terraform_version', 'checks']

const own = (body: JsonObject, key: string) => (Object.hasOwn(body, key) ? body[key] : undefined)
