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
    ['SLACK_API_URL', 'slack.com'],
    ['SLACK_APP_TOKEN', 'xoxb-1-2'],
    ['SLACK_CLIENT_ID', 'two words'],
    ['SLACK_SIGNING_SECRET', 'short'],
  ])('%s=%s is refused with one sentence that names it', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} must be [^\\n]+\\.$`))
  })

  test('of a Slack app that say nothing without each other are refused with a sentence', () => {
    const id = { SLACK_CLIENT_ID: '1.2' }
    const secret = { SLACK_CLIENT_SECRET: 'a-client-secret' }
    expect(() => readConfig(id)).toThrow(
      /^SLACK_CLIENT_SECRET must be set too .+\nSLACK_SIGNING_SECRET, or .+\.$/,
    )
    expect(() => readConfig(secret)).toThrow(/^SLACK_CLIENT_ID must be set too .+\.$/)
    expect(() => readConfig({ ...id, ...secret })).toThrow(/^SLACK_SIGNING_SECRET, or SLACK_APP_TOKEN .+\.$/)
    expect(() => readConfig({ ...id, ...secret, SLACK_SIGNING_SECRET: 'a-signing-secret' })).not.toThrow()
    expect(() => readConfig({ ...id, ...secret, SLACK_APP_TOKEN: 'xapp-1-A1-x' })).not.toThrow()
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
