import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '#core/testing'
import { demoPassword, startProduct } from './process.ts'

const script = fileURLToPath(new URL('../scripts/company.mjs', import.meta.url))

/** Milliseconds: each company is made by a process of its own, on a machine that runs every other test at the same time. */
const patience = 600_000

describe('npm run company', { timeout: patience }, () => {
  let world: TestDatabase
  beforeAll(async () => {
    world = await testDatabase()
  })
  afterAll(() => world.close())

  /** As an operator runs it in a script, with what is sent in. */
  const company = async (typed: string, ...parameters: string[]) => {
    const child = spawn(process.execPath, [script, ...parameters], {
      env: { ...process.env, DATABASE_URL: world.adminUrl, LOG_LEVEL: 'warn' },
    })
    child.stdin.end(typed)
    const closed = once(child, 'close')
    const said = await Promise.all([text(child.stdout), text(child.stderr)])
    return { code: (await closed)[0] as number, said: said.join('') }
  }
  const havneby = ['--name', 'Havneby Service ApS', '--owner', 'Ida Holm', '--email', 'Ida@havneby.example']

  const signIn = async (address: string, email: string, password: string) => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ email, password })
    const answer = await fetch(`${address}/api/v1/auth/login`, { method: 'POST', headers, body })
    return { status: answer.status, ...((await answer.json()) as { tenant?: { name: string } }) }
  }

  test('makes a company on a server of one’s own, whose owner can sign in, once for an email', async () => {
    const made = await company(`${demoPassword}\n`, ...havneby, '--language', 'da')
    expect(made.said).toContain(
      'Havneby Service ApS er oprettet, og ida@havneby.example kan logge ind som ejer.',
    )
    expect([made.code, made.said.includes(demoPassword)]).toEqual([0, false])

    const again = await company(`${demoPassword}\n`, ...havneby, '--language', 'en')
    expect([again.code, again.said.trim().split('\n').at(-1)]).toEqual([
      1,
      'ida@havneby.example has an account already: choose another email, or have the owner invited from the page.',
    ])

    const madeUp = await company('', '--name', 'Fjord', '--owner', 'Bo', '--email', 'bo@fjord.example', '--language', 'en') // prettier-ignore
    const password = /The password is ([a-z]+-[a-z]+-[a-z]+-[a-z]+) /.exec(madeUp.said)?.[1] ?? ''

    const product = await startProduct({ DATABASE_URL: world.adminUrl })
    const { rows } = await world.admin.query('SELECT name FROM platform.tenants ORDER BY name')
    expect(rows).toEqual([{ name: 'Fjord' }, { name: 'Havneby Service ApS' }])
    expect((await signIn(product.address, 'ida@havneby.example', demoPassword)).status).toBe(200)
    expect((await signIn(product.address, 'bo@fjord.example', password)).status).toBe(200)
    await product.stop()
  })

  test.each([
    ['a password that is too short', 'kort\n', [...havneby, '--language', 'da'], /^Ret det, der er sendt: adgangskoden skal være på 10 til 200 tegn\.$/], // prettier-ignore
    [
      'no owner',
      '',
      ['--name', 'Havneby', '--language', 'da'],
      /^Skriv firmaets navn, ejerens navn og ejerens e-mail: /,
    ],
    [
      'an option that there is not',
      '',
      ['--nmae', 'Havneby'],
      /^(Give the company's name|Skriv firmaets navn)/,
    ],
  ])('makes nothing with %s, and says so in one sentence', async (_, typed, parameters, sentence) => {
    const refused = await company(typed, ...parameters)
    expect(refused.code).toBe(1)
    expect(refused.said.trim()).toMatch(sentence)
  })
})
