import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { operation, type JsonSchema, type Words } from '#core'
import { testCore } from '#core/testing'
import { plugins } from '#plugins'
import { vendorSchema } from './schema.ts'
import { OperationTool } from './tools.ts'

const words: Words = { title: 'Move a deal', doing: '', done: '', phrases: [] }

function schemaOf(input: z.ZodType): JsonSchema {
  const moved = operation({ name: 'crm.deals.move', summary: 'Move a deal', effect: 'write', input, output: z.object({}), run: () => ({}) }) // prettier-ignore
  return new OperationTool(moved, words).schema
}

interface SchemaParts {
  readonly properties?: Record<string, JsonSchema>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}

/** Every schema within a schema, with the way to it. */
function* within(schema: JsonSchema, path: string): Generator<[string, JsonSchema]> {
  yield [path, schema]
  const { properties = {}, items, anyOf = [] } = schema as SchemaParts
  for (const [name, field] of Object.entries(properties)) yield* within(field, `${path}.${name}`)
  if (items) yield* within(items, `${path}[]`)
  for (const choice of anyOf) yield* within(choice, `${path}|`)
}

const taken = new Set(['type', 'enum', 'minimum', 'maximum', 'minItems', 'maxItems', 'required', 'description', 'format', 'properties', 'items', 'anyOf', 'nullable']) // prettier-ignore

describe('the schema of a tool', () => {
  test('says in words what vendors’ schemas cannot hold', () => {
    const id = z.uuid().meta({ refers: 'crm.deals' })
    expect(
      schemaOf(z.strictObject({ id, stage: z.string().nullable(), on: z.iso.date().optional() })),
    ).toEqual({
      type: 'object',
      required: ['id', 'stage'],
      properties: {
        id: {
          type: 'string',
          description: 'Id of one of crm.deals; find it with crm_deals_list, never guess it. Format: uuid.',
        },
        stage: { type: 'string', description: 'May be null.', nullable: true },
        on: { type: 'string', description: 'Format: date.' },
      },
    })
  })

  test('keeps times, choices, limits and nesting', () => {
    const at = z.iso.datetime({ offset: true })
    const lines = z.array(z.object({ kind: z.enum(['call', 'mail']), amount: z.int().min(0).max(9) })).min(1)
    expect(schemaOf(z.object({ at, lines }))).toMatchObject({
      properties: {
        at: { type: 'string', format: 'date-time' },
        lines: {
          type: 'array',
          minItems: 1,
          items: {
            properties: {
              kind: { enum: ['call', 'mail'] },
              amount: { type: 'integer', minimum: 0, maximum: 9 },
            },
          },
        },
      },
    })
  })

  test('of a choice among several stays a choice', () => {
    expect(vendorSchema({ anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] })).toEqual({
      anyOf: [{ type: 'string' }, { type: 'integer' }],
      description: 'May be null.',
      nullable: true,
    })
  })

  test('of every operation is one that every vendor takes, and holds no tenant', async () => {
    const world = await testCore(plugins)
    const { operations, words: wordsOf } = world.core.registry
    await world.close()
    for (const each of operations) {
      const { schema, name, description } = new OperationTool(each, wordsOf(each, 'en'))
      expect(name).toMatch(/^[a-zA-Z0-9_]{1,64}$/)
      expect(description.length).toBeLessThan(1_024)
      for (const [path, part] of within(schema, name)) {
        expect(
          Object.keys(part).filter((key) => !taken.has(key)),
          path,
        ).toEqual([])
        expect(part['anyOf'] ? 'any' : part['type'], path).toBeTypeOf('string')
        if (part['type'] === 'array') expect(part['items'], path).toBeTruthy()
        if (part['type'] === 'object' && path !== name)
          expect(Object.keys(part['properties'] as object), path).not.toEqual([])
        for (const value of (part['enum'] ?? []) as unknown[]) expect(value, path).toBeTypeOf('string')
        expect(Object.keys((part['properties'] ?? {}) as object), path).not.toContain('tenantId')
      }
    }
  })
})
