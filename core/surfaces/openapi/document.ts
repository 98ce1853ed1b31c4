import { z } from 'zod'
import type { ErrorTable } from '../../errors.ts'
import { isDomainOn, isOn } from '../../operations/domain.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { Registry } from '../../operations/registry.ts'
import { portableSchema, schemaOf, type JsonSchema } from '../../operations/jsonSchema.ts'
import { publicRouteOf, routeOf } from '../../operations/route.ts'
import { apiRoot } from '../rest/routes.ts'

/** Path → method → operation object, as OpenAPI writes them. */
export type DocumentedPaths = Record<string, Record<string, unknown>>

/** The OpenAPI 3.1 document of what can be done with these domains switched on, made from the registry. */
export function openApiDocument(
  registry: Registry,
  documented: DocumentedPaths,
  domains: ReadonlySet<string>,
) {
  const paths: DocumentedPaths = structuredClone(documented)
  for (const operation of registry.operations.filter((each) => isOn(each, { domains }))) {
    const { method, path } = routeOf(operation)
    const address = apiRoot + path
    paths[address] = { ...paths[address], [method.toLowerCase()]: operationObject(operation, registry) }
    if (operation.publicKey) Object.assign(paths, publicPath(operation, registry))
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'TekUp',
      version: '1.0.0',
      summary: 'Everything that people and agents can do, one address per operation.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { apiKey: [] }, { cookie: [] }],
    tags: registry.plugins.filter(({ name }) => isDomainOn(name, { domains })).map(({ name }) => ({ name })),
    paths,
    components: { schemas: { Error: errorSchema(registry.errors) }, securitySchemes },
  }
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'tekup_access',
    description:
      'For our own page: a change made by it also needs the header `X-CSRF: 1` and our own `Origin`.',
  },
}

function errorSchema(errors: ErrorTable): JsonSchema {
  const list = Object.entries(errors).map(([code, { status, en }]) => `- \`${code}\` (${status}): ${en}`)
  return {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'requestId'],
        properties: {
          code: { type: 'string', enum: Object.keys(errors), description: list.join('\n') },
          message: {
            type: 'string',
            description: 'One sentence for a person, in the language of Accept-Language.',
          },
          requestId: { type: 'string' },
          details: { type: 'object', additionalProperties: true },
        },
      },
    },
  }
}

function operationObject(operation: AnyOperation, { words }: Registry): Record<string, unknown> {
  const { method, path } = routeOf(operation)
  const input = portableSchema(schemaOf(operation.input, 'input'))
  const inQuery = method === 'GET' || method === 'DELETE'
  return {
    operationId: operation.name,
    summary: operation.summary,
    description: `${words(operation, 'en').title}. Effect: **${operation.effect}**. Permission: \`${operation.permission}\`.`,
    tags: [operation.domain],
    'x-effect': operation.effect,
    parameters: [
      ...pathParameters(path, input),
      ...(inQuery ? queryParameters(input) : []),
      ...headerParameters(operation),
    ],
    ...(!inQuery && { requestBody: requestBody(input) }),
    responses: responses(operation),
  }
}

/** The same operation as outsiders call it: nobody signs in, and the public key stands in the address. */
function publicPath(operation: AnyOperation, registry: Registry): DocumentedPaths {
  const { method, path } = publicRouteOf(operation)
  const { operationId, ...described } = operationObject(operation, registry)
  const key = { name: 'key', in: 'path', required: true, schema: { type: 'string' } }
  const asked = {
    ...described,
    operationId: `${String(operationId)}.public`,
    parameters: [key],
    security: [],
  }
  return { [apiRoot + path]: { [method.toLowerCase()]: asked } }
}

function responses(operation: AnyOperation): Record<string, unknown> {
  const output = operation.output as z.ZodType
  const content =
    output.meta()?.['kind'] === 'file'
      ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
      : { 'application/json': { schema: portableSchema(schemaOf(output, 'output')) } }
  return {
    200: { description: 'Done.', content },
    default: {
      description: 'Refused or failed, with a code and one sentence.',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  }
}

const pathParameters = (path: string, { properties }: JsonSchema) =>
  path.includes('{id}')
    ? [{ name: 'id', in: 'path', required: true, schema: (properties as Record<string, JsonSchema>)['id'] }]
    : []

function queryParameters(input: JsonSchema): unknown[] {
  const required = new Set(input['required'] as string[] | undefined)
  return Object.entries((input['properties'] ?? {}) as Record<string, JsonSchema>)
    .filter(([name]) => name !== 'id')
    .map(([name, schema]) => ({ name, in: 'query', required: required.has(name), schema }))
}

function headerParameters({ effect, input }: AnyOperation): unknown[] {
  const text = { type: 'string' }
  const headers: unknown[] = []
  if (effect !== 'read') headers.push({ name: 'Idempotency-Key', in: 'header', schema: text })
  if (effect === 'destroy') headers.push({ name: 'X-Confirm', in: 'header', schema: text })
  if (input instanceof z.ZodObject && 'version' in input.shape) {
    headers.push({ name: 'If-Match', in: 'header', schema: text })
  }
  return headers
}

function requestBody(input: JsonSchema): Record<string, unknown> {
  const properties = { ...(input['properties'] as Record<string, JsonSchema> | undefined) }
  delete properties['id']
  const required = (input['required'] as string[] | undefined)?.filter((name) => name !== 'id') ?? []
  const schema = { ...input, properties, ...(required.length > 0 ? { required } : { required: undefined }) }
  const file = Object.values(properties).some((property) => property['format'] === 'binary')
  const type = file ? 'multipart/form-data' : 'application/json'
  return {
    required: required.length > 0,
    content: { [type]: { schema: JSON.parse(JSON.stringify(schema)) } },
  }
}
