import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { definitions } from '../fake/methods/definitions.ts'
import { botEvents, botScopes } from './needs.ts'

const root = new URL('../', import.meta.url)

/** The product's own files of the channel, joined; without the table that says how fast every method may be called. */
const source = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(
    (path) =>
      path.endsWith('.ts') &&
      !/^(fake|testing)\/|\.(test|fixture)\.ts$|testWorld|(manifest|needs|tiers)\.ts$/.test(path),
  )
  .map((path) => readFileSync(new URL(path, root), 'utf8'))
  .join('\n')

const heard = new Set([...source.matchAll(/\.event\(\s*'(\w+)'/g)].map(([, name]) => name!))

describe('what the app asks of Slack', () => {
  test('are the events that a listener hears', () => {
    const asked = new Set(botEvents.map((event) => event.split('.', 1)[0]!))
    expect([...heard].filter((event) => !asked.has(event))).toEqual([])
  })

  test('has a scope for every method that is called', () => {
    const called = [...definitions].filter(([method]) => source.includes(`'${method}'`))
    expect(called.length).toBeGreaterThan(3)
    const without = called.filter(
      ([
        ,
        {
          scopes: { bot = [] },
        },
      ]) => bot.length > 0 && !bot.some((scope) => (botScopes as readonly string[]).includes(scope)),
    )
    expect(without.map(([method]) => method)).toEqual([])
  })
})
