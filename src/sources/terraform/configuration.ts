import { at, field, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts'
import { DEEPEST } from './modules.ts'

/** What was written, of each module once, by the path of calls down to it: `vpc.endpoints`. */
export interface Configuration {
  readonly resource: (path: string, type: string, name: string) => JsonObject | undefined
  /** The call of a module, by the path of the module that is called. */
  readonly call: (path: string) => JsonObject | undefined
  readonly output: (path: string, name: string) => Json | undefined
  readonly outputs: (path: string) => readonly Json[]
}

/** Source: Terraform, “JSON Output Format”, Configuration Representation. */
export const configurationIn = (body: JsonObject): Configuration => {
  const resources = new Map<string, JsonObject>()
  const calls = new Map<string, JsonObject>()
  const outputs = new Map<string, JsonObject>()
  const open: { readonly path: string; readonly module: Json | undefined; readonly depth: number }[] = [
    { path: '', module: at(body, 'configuration', 'root_module'), depth: 0 },
  ]
  while (open.length > 0) {
    const here = open.pop()
    if (here === undefined || here.depth > DEEPEST) continue
    const { path, module, depth } = here
    for (const one of list(field(module, 'resources'))) {
      const [type, name] = [text(field(one, 'type')), text(field(one, 'name'))]
      if (isObject(one) && field(one, 'mode') === 'managed' && type !== undefined && name !== undefined)
        resources.set(`${path} ${type}.${name}`, one)
    }
    const own = field(module, 'outputs')
    if (isObject(own)) outputs.set(path, own)
    const inner = field(module, 'module_calls')
    for (const name of isObject(inner) ? Object.keys(inner) : []) {
      const call = field(inner, name)
      if (!isObject(call)) continue
      const below = path === '' ? name : `${path}.${name}`
      calls.set(below, call)
      open.push({ path: below, module: field(call, 'module'), depth: depth + 1 })
    }
  }
  return {
    resource: (path, type, name) => resources.get(`${path} ${type}.${name}`),
    call: path => calls.get(path),
    output: (path, name) => at(outputs.get(path), name, 'expression'),
    outputs: path => {
      const own = outputs.get(path)
      return own === undefined ? [] : Object.keys(own).flatMap(name => at(own, name, 'expression') ?? [])
    },
  }
}
