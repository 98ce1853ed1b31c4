import { expect, test } from 'vitest'
import { createRegistry, locales } from '#core'
import { shelf } from '#core/testing'
import { createToolbox } from './tools.ts'

test('A turn’s tools speak its language, and are made once for a language and a list of operations', () => {
  const registry = createRegistry([shelf])
  const { operations } = registry
  const toolsFor = createToolbox(registry)
  const said = locales.map((locale) => {
    const tools = toolsFor({ operations, locale })
    expect(toolsFor({ operations, locale })).toBe(tools)
    for (const operation of operations) {
      const tool = tools.find(({ name }) => name === operation.tool)!
      expect(tool.description).toContain(registry.words(operation, locale).title)
    }
    return tools.map(({ description }) => description)
  })
  expect(said[0]).not.toEqual(said[1])
})
