import { afterAll, beforeAll, expect, test } from 'vitest'
import { registryOf } from '#core/testing'
import { plugins } from '#plugins'
import { agentsPlugin } from './index.ts'
import { createLanguageOf } from './language.ts'
import { assistantWorld, type AssistantWorld } from './testing/assistantWorld.ts'

const languageOf = createLanguageOf(registryOf([agentsPlugin, ...plugins]))

test.each([
  ['hvilke kunder har vi i Aarhus?', 'da'],
  ['which customers do we have in Aarhus?', 'en'],
  ['Møllers deal goes to negotiation', 'en'],
  ['slet firmaet Stone Design', 'da'],
  ['Havneby Tandklinik', undefined],
  ['12.500', undefined],
])('hears the language of “%s”', (text, language) => {
  expect(languageOf(text)).toBe(language)
})

let world: AssistantWorld
beforeAll(async () => {
  world = await assistantWorld(plugins, {})
})
afterAll(() => world.close())

test('answers, confirms and refuses in the language of the message, whatever the person’s own', async () => {
  const created = await world.say('create the company Acme Windows', { locale: 'da' })
  expect([created.text, created.calls.at(-1)?.summary].join()).toMatch(/^Created .*Created /s)
  const refused = await world.say('delete the company Acme Windows', { locale: 'da' })
  expect(JSON.stringify(refused.calls.at(-1))).toContain('Delete')
  expect(refused.text).not.toMatch(/[æøå]|skal|godkende/)
  const danish = await world.say('slet firmaet Acme Windows', { locale: 'en' })
  expect(JSON.stringify(danish.calls.at(-1))).toContain('Slet')
  expect(danish.text).toContain('godkende')
})

test('keeps the language of the conversation where a message tells none', async () => {
  const { conversation, text } = await world.say('create a task', { locale: 'da' })
  expect(text).toContain('?')
  const answered = await world.say('Windows', { locale: 'da', conversation })
  expect(answered.text).toContain('Created')
})
