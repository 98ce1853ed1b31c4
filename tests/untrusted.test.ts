import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { agentsPlugin } from '#agents'
import { slackPlugin } from '#channels/slack'
import { plugins } from '#plugins'
import { testCore, type TestCore } from '#core/testing'

let world: TestCore
beforeAll(async () => {
  world = await testCore([agentsPlugin, slackPlugin, ...plugins])
})
afterAll(() => world.close())

/** Whether a schema has a place for anything at all: what some other call was given or answered, mostly. */
function takesAnything(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(takesAnything)
  if (typeof schema !== 'object' || schema === null) return false
  const { properties = {}, ...rest } = schema as { properties?: object }
  const fields: unknown[] = Object.values(properties)
  return fields.some(isAnything) || [...fields, ...Object.values(rest)].some(takesAnything)
}

const isAnything = (schema: unknown): boolean =>
  Object.keys(schema as object).every((key) => key === 'description')

/** What a company’s admins wrote of their own agents. */
const ownWords = ['agents.versions.compare']

test('a read that tells again what other calls were given or answered marks whoever reads it', () => {
  const telling = world.core.registry.operations
    .filter(
      ({ effect, output }) =>
        effect === 'read' && takesAnything(z.toJSONSchema(output, { unrepresentable: 'any' })),
    )
    .map(({ name, untrusted }) => [name, untrusted === true])
  expect(telling).toContainEqual(['platform.audit.list', true])
  expect(telling.flatMap(([name, marks]) => (marks ? [] : [name]))).toEqual(ownWords)
})
