import { isObject, type Json, type JsonObject } from '../../../model/json.ts'
import { egressIntent } from './egress-intent.ts'
import type { KindSchema } from './parts.ts'
import { exception, hostAccessException, standard } from './signed-off.ts'
import { approvedExit, egressPattern, environment, privateEndpoint, resolver } from './surroundings.ts'

/** Every kind of document that Postern reads about itself, in the order in which they are listed. */
export const KIND_SCHEMAS: readonly KindSchema[] = [
  egressIntent,
  approvedExit,
  environment,
  egressPattern,
  privateEndpoint,
  resolver,
  exception,
  hostAccessException,
  standard,
]

export const API_VERSION = 'postern.dev/v1alpha1'

/** One kind as a JSON Schema that editors follow by `$schema`. */
export const documentSchema = ({ kind, description, scope, spec }: KindSchema): JsonObject => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `https://postern.dev/schemas/${kind}.v1alpha1.json`,
  title: kind,
  description,
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    // Where editors look for the schema.
    $schema: { type: 'string' },
    apiVersion: { const: API_VERSION },
    kind: { const: kind },
    metadata: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 253 },
        ...(scope === 'Namespaced'
          ? {
              namespace: {
                type: 'string',
                maxLength: 63,
                description: 'If given, it may speak of this namespace only.',
              },
            }
          : {}),
      },
    },
    // Rules are for the API server; a reader of JSON Schema has no word for them.
    spec: without(spec, key => key === 'x-kubernetes-validations'),
  },
})

/** The same as a CustomResourceDefinition. Source: kubernetes.io, "Extend the Kubernetes API with CustomResourceDefinitions". */
export const customResourceDefinition = ({ kind, plural, description, scope, spec }: KindSchema): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.postern.dev` },
  spec: {
    group: 'postern.dev',
    names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), categories: ['postern'] },
    scope,
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: structural({
            type: 'object',
            description,
            required: ['spec'],
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec,
            },
          }),
        },
      },
    ],
  },
})

/**
 * What a schema cannot say: its rules do not see the namespace that a resource stands in.
 * Source: kubernetes.io, "CustomResourceDefinitions", Validation rules: of `metadata` only `name` and `generateName`.
 */
export const OWN_NAMESPACE: readonly JsonObject[] = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'egressintents-own-namespace.postern.dev' },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['postern.dev'],
            apiVersions: ['v1alpha1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['egressintents'],
          },
        ],
      },
      validations: [
        {
          expression: 'has(object.spec.from.namespaces) && object.spec.from.namespaces == [object.metadata.namespace]',
          message: 'an EgressIntent speaks of its own namespace only',
        },
      ],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'egressintents-own-namespace.postern.dev' },
    spec: { policyName: 'egressintents-own-namespace.postern.dev', validationActions: ['Deny'] },
  },
]

/**
 * A structural schema has no `additionalProperties: false` beside `properties`, since the server prunes what is not named; and no
 * `dependentRequired`: a rule says that.
 */
const structural = (schema: Json): Json =>
  without(schema, (key, value) => key === 'dependentRequired' || (key === 'additionalProperties' && value === false))

const without = (schema: Json, drops: (key: string, value: Json) => boolean): Json =>
  Array.isArray(schema)
    ? schema.map((part: Json) => without(part, drops))
    : isObject(schema)
      ? Object.fromEntries(
          Object.entries(schema).flatMap(([key, value]) => (drops(key, value) ? [] : [[key, without(value, drops)]])),
        )
      : schema
