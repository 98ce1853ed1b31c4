import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readConfig, settingNames } from './config.ts'

describe('settings', () => {
  test('all have a default or may be left out, an empty one too', () => {
    expect(readConfig({})).toEqual(readConfig(Object.fromEntries(settingNames.map((name) => [name, '']))))
  })

  test.each([
    ['PORT', 'abc'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['REDIS_URL', 'localhost'],
    ['ROLE', 'boss'],
    ['DEMO_PASSWORD', 'short'],
    ['LOG_LEVEL', 'loud'],
    ['RATE_LIMIT_PER_MINUTE', '0'],
    ['TRUST_PROXY', 'yes'],
    ['CORS_ORIGINS', 'app.example'],
    ['CORS_ORIGINS', 'https://app.example/, https://other.example'],
    ['OPENAI_BASE_URL', 'host'],
  ])('%s=%s is refused with one sentence that names it', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} must be [^\\n]+\\.$`))
  })

  test('take other sites with commas between', () => {
    expect(() => readConfig({ CORS_ORIGINS: 'https://app.example, http://localhost:5173' })).not.toThrow()
  })

  test('that are wrong are all named at once', () => {
    expect(() => readConfig({ PORT: 'x', ROLE: 'x' })).toThrow(/^PORT .+\nROLE .+$/)
  })

  test('are the ones that the example lists', async () => {
    const example = await readFile(new URL('../.env.example', import.meta.url), 'utf8')
    expect(example.match(/^[A-Z_]+(?==)/gm)?.toSorted()).toEqual(settingNames.toSorted())
  })
})
