import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword } from '../process.ts'
import { expectAccessible } from './accessible.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

/** A program on the person's own machine asks to be let in, and gets its answer there. */
export function describeConnect(world: BrowserWorld): void {
  describe('connecting a program', () => {
    const verifier = randomBytes(32).toString('base64url')
    let program: Server
    let callback: string
    let answers: URL[]
    beforeAll(async () => {
      answers = []
      program = createServer((asked, answer) => {
        if (asked.url?.startsWith('/callback')) answers.push(new URL(asked.url, callback))
        answer.setHeader('content-type', 'text/html').end('<title>Back</title>')
      })
      await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve))
      callback = `http://127.0.0.1:${(program.address() as AddressInfo).port}/callback`
    })
    afterAll(() => program.close())

    const register = async (): Promise<string> => {
      const response = await fetch(`${world.product.address}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_name: 'Kodehjælper', redirect_uris: [callback] }),
      })
      return ((await response.json()) as { client_id: string }).client_id
    }
    const pageFor = (client: string): string =>
      `${world.product.address}/connect?${new URLSearchParams({
        client_id: client,
        redirect_uri: callback,
        response_type: 'code',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        state: 'where-I-was',
        resource: `${world.product.address}/mcp`,
      })}`

    /** What the program's first message is answered with. */
    const statusOf = async (token: string): Promise<number> => {
      const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'program', version: '1' } } // prettier-ignore
      const { status } = await fetch(`${world.product.address}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
      })
      return status
    }

    test('asks whoever has signed in, and the program gets in with what they let it do, until they end it', async () => {
      const client = await register()
      await withPage(world, async (page) => {
        await page.goto(pageFor(client))
        await page.waitForURL('**/login?next=*')
        await page.getByLabel('E-mail').fill('mikkel@nordlys.example')
        await page.getByLabel('Adgangskode', { exact: true }).fill(demoPassword)
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Kodehjælper vil arbejde for dig i TekUp' }).waitFor()
        await expectAccessible(page, 'connecting a program')
        const approve = page.getByRole('checkbox', { name: /tage mit ja inde i programmet/ })
        expect(await approve.isChecked()).toBe(false)
        await page.getByRole('checkbox', { name: /slette/ }).uncheck()
        await page.getByRole('button', { name: 'Tilslut' }).click()
        await page.waitForURL('**/callback?*')
      })
      const { searchParams } = answers.at(-1)!
      expect([searchParams.get('state'), searchParams.get('iss')]).toEqual([
        'where-I-was',
        world.product.address,
      ])
      const tokens = await fetch(`${world.product.address}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: client,
          code: searchParams.get('code') as string,
          redirect_uri: callback,
          code_verifier: verifier,
        }),
      })
      const { access_token: token, scope } = (await tokens.json()) as { access_token: string; scope: string }
      expect(scope).toBe('read write send')
      expect(await statusOf(token)).toBe(200)
      await withPage(world, async (page) => {
        await enter(page, world, 'mikkel@nordlys.example')
        await page.goto(`${world.product.address}/settings/programs`)
        await page.getByRole('button', { name: 'Afbryd Kodehjælper' }).click()
        await page.getByText('Kodehjælper har ikke adgang mere.').waitFor()
        expect(await page.getByRole('heading', { name: 'API-nøgler' }).count(), 'of the company').toBe(0)
      })
      expect(await statusOf(token)).toBe(401)
    })

    test('sends the program away with a no', async () => {
      const client = await register()
      await withPage(world, async (page) => {
        await page.goto(`${world.product.address}/login`)
        await page.getByLabel('E-mail').fill('mikkel@nordlys.example')
        await page.getByLabel('Adgangskode', { exact: true }).fill(demoPassword)
        await page.keyboard.press('Enter')
        await page.getByRole('textbox', { name: 'Besked' }).waitFor()
        await page.goto(pageFor(client))
        await page.getByRole('button', { name: 'Nej tak' }).click()
        await page.waitForURL('**/callback?*')
      })
      const { searchParams } = answers.at(-1)!
      expect([searchParams.get('error'), searchParams.get('code')]).toEqual(['access_denied', null])
    })
  })
}
