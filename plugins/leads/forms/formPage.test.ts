import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnyOperation, InputOf, OutputOf } from '#core'
import { testServer, twoTenants, type TwoTenants } from '#core/testing'
import { leads } from '#plugins/leads'
import { listLeads } from '../leads/read.ts'
import { createForm, updateForm } from './operations.ts'

let world: TwoTenants
let app: FastifyInstance
let address = 0
beforeAll(async () => {
  world = await twoTenants([{ ...leads, demo: async () => undefined }], { TRUST_PROXY: 'true' })
  app = await testServer(world)
})
afterAll(async () => {
  await app.close()
  await world.close()
})

const call = async <O extends AnyOperation>(operation: O, input: InputOf<O>): Promise<OutputOf<O>> =>
  (await world.core.invoke(operation, input, world.nordlys.caller)).value
const make = (given: Partial<InputOf<typeof createForm>> = {}) =>
  call(createForm, { name: 'Få et tilbud', leastSeconds: 0, ...given })
const leadsCalled = async (q: string) => (await call(listLeads, { q })).items

const visitor = () => ({ 'x-forwarded-for': `203.0.113.${++address % 250}`, host: 'tekup.example' })
const look = (path: string) => app.inject({ url: `/f/${path}`, headers: visitor() })
/** What the page sends along with what people fill in. */
const hiddenOn = (html: string): Record<string, string> =>
  Object.fromEntries([...html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name!, value!])) // prettier-ignore
const ticketOn = (html: string): string => hiddenOn(html)['ticket']!

/** Fills in the page and sends it, as a browser without a script does. */
const send = async (key: string, fields: Record<string, string>) =>
  app.inject({
    method: 'POST',
    url: `/f/${key}`,
    headers: {
      ...visitor(),
      origin: 'https://tekup.example',
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: new URLSearchParams({ ...hiddenOn((await look(key)).body), ...fields }).toString(),
  })

describe('the page of a form', () => {
  test('shows what the company asks, in its language, and runs no script', async () => {
    const { publicKey } = await make({ intro: 'Vi ringer til dig.', consentText: 'I må ringe til mig.' })
    const { statusCode, headers, body } = await look(publicKey)
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['cache-control']).toBe('no-store')
    for (const said of ['lang="da"', 'Nordlys', 'Få et tilbud', 'Vi ringer til dig.', 'I må ringe til mig.'])
      expect(body).toContain(said)
    expect(body).not.toContain('<script')
    const english = await make({ name: 'Get an offer', language: 'en' })
    expect((await look(english.publicKey)).body).toMatch(/lang="en"[^]*Get an offer[^]*How can we help/)
  })

  test('keeps whatever the company and the visitor write as text', async () => {
    const { publicKey } = await make({
      name: '<img src=x onerror=alert(1)>',
      intro: '"><script>alert(1)</script>',
    })
    expect((await look(publicKey)).body).not.toMatch(/<img|<script/)
    const answer = await send(publicKey, { name: '"><script>alert(1)</script>', email: 'not one' })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).not.toContain('<script')
  })

  test('may be framed by nobody, loads nothing from elsewhere, sends to nobody else, and leaves no cookie', async () => {
    const { publicKey } = await make({ thanksUrl: 'https://www.havneby.example/tak' })
    const { headers } = await look(publicKey)
    for (const rule of [`frame-ancestors 'none'`, `default-src 'none'`, `form-action 'self';`])
      expect(headers['content-security-policy']).toContain(rule)
    expect(headers['set-cookie']).toBeUndefined()
  })

  test('makes a lead of what is sent, and thanks once', async () => {
    const { publicKey } = await make({
      thanksText: 'Tak, vi ringer i morgen.',
      origins: ['https://www.havneby.example'],
    })
    const answer = await send(publicKey, { name: 'Bente Side', email: 'bente@side.example', message: 'Hej' })
    expect(answer.statusCode).toBe(303)
    expect(answer.headers.location).toBe(`/f/${publicKey}?sent`)
    expect((await look(`${publicKey}?sent`)).body).toContain('Tak, vi ringer i morgen.')
    expect(await leadsCalled('Bente Side')).toMatchObject([{ email: 'bente@side.example' }])
  })

  test('leads on to the address of the company, where it has one', async () => {
    const { publicKey } = await make({ thanksUrl: 'https://www.havneby.example/tak' })
    const { headers } = await send(publicKey, { name: 'Videre Vang', email: 'v@side.example' })
    const thanks = (await look(headers.location!.slice('/f/'.length))).body
    expect(thanks).toContain('<meta http-equiv="refresh" content="0; url=https://www.havneby.example/tak">')
    expect(thanks).toContain('<a href="https://www.havneby.example/tak">')
  })

  test('keeps that address as text too, whatever stands in it', async () => {
    const { publicKey } = await make({ thanksUrl: 'https://www.havneby.example/"><script>alert(1)</script>' })
    expect((await look(`${publicKey}?sent`)).body).not.toContain('<script')
  })

  test('says what to mend with what was written still there, in the language of the form', async () => {
    const { publicKey } = await make({ consentText: 'I må ringe.' })
    const answer = await send(publicKey, { name: 'Bodil Blanket', email: 'ingen adresse', consent: 'true' })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('role="alert"')
    expect(answer.body).toContain('Det blev ikke sendt')
    expect(answer.body).toContain('value="Bodil Blanket"')
    expect(answer.body.match(/name="(\w+)"[^>]*aria-invalid="true"/)?.[1]).toBe('email')
    expect((await send(publicKey, { name: 'Bodil', email: 'b@side.example' })).statusCode).toBe(400)
  })

  test('has whoever opened it before the consent was reworded read the new words, and agree to those', async () => {
    const { id, publicKey } = await make({ consentText: 'I må ringe.' })
    const opened = { ...hiddenOn((await look(publicKey)).body), consent: 'true' }
    await call(updateForm, { id, consentText: 'I må ringe og skrive.' })
    const person = { name: 'Ulla Uenig', email: 'ulla@side.example' }
    const answer = await send(publicKey, { ...opened, ...person })
    expect(answer.statusCode).toBe(409)
    for (const said of ['I må ringe og skrive.', 'Læs den, og sæt kryds igen.', 'value="Ulla Uenig"'])
      expect(answer.body).toContain(said)
    expect(answer.body).not.toContain('checked')
    expect(await leadsCalled('Ulla Uenig')).toEqual([])
    await send(publicKey, { ...hiddenOn(answer.body), ...person, consent: 'true' })
    const [lead] = await leadsCalled('Ulla Uenig')
    const consents = await call(world.core.registry.find('leads.consents.list')!, { leadId: lead!.id })
    expect(consents).toMatchObject({ items: [{ consentVersion: 2, text: 'I må ringe og skrive.' }] })
  })

  test('keeps a tick that was set at the words that it still shows', async () => {
    const { publicKey } = await make({ consentText: 'I må ringe.' })
    const answer = await send(publicKey, { name: 'Bodil', email: 'ingen adresse', consent: 'true' })
    expect(answer.body).toMatch(/name="consent"[^>]* checked/)
  })

  test('calls a field that holds too much by its label, and counts a line break once', async () => {
    const { publicKey } = await make()
    const person = { name: 'Lange Lise', email: 'lise@side.example' }
    const answer = await send(publicKey, { ...person, message: 'x'.repeat(5_001) })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain(
      'Ret feltet “Hvad kan vi hjælpe med?”: Teksten er for lang. Skriv højst 5.000 tegn.',
    )
    expect(answer.body).not.toContain('values.')
    expect((await send(publicKey, { ...person, message: 'x\r\n'.repeat(2_500) })).statusCode).toBe(303)
  })

  test('keeps no more of what it did not ask for', async () => {
    const { publicKey } = await make()
    const person = { name: 'Bodil', email: 'b@side.example' }
    expect((await send(publicKey, { ...person, extra: 'x'.repeat(5_000) })).statusCode).toBe(303)
    expect((await send(publicKey, { ...person, extra: 'x'.repeat(5_001) })).statusCode).toBe(400)
  })

  test('counts the time that the filling in takes from the first time that it was opened', async () => {
    const { publicKey } = await make()
    const ticket = ticketOn((await look(publicKey)).body)
    const answer = await send(publicKey, { name: 'Bodil', email: 'ingen adresse', ticket })
    expect(ticketOn(answer.body)).toBe(ticket)
  })

  test('says to whoever comes too often, or sends too much, on a page', async () => {
    const { publicKey } = await make()
    const headers = { ...visitor(), 'content-type': 'application/x-www-form-urlencoded' }
    const tooMuch = await app.inject({ method: 'POST', url: `/f/${publicKey}`, headers, payload: 'x'.repeat(70_000) }) // prettier-ignore
    expect([tooMuch.statusCode, tooMuch.body]).toEqual([413, expect.stringContaining('Højst 64 KB.')])
    const often = await Promise.all(Array.from({ length: 31 }, () => app.inject({ url: `/f/${publicKey}`, headers }))) // prettier-ignore
    const refused = often.find(({ statusCode }) => statusCode === 429)!
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(refused.body).toContain('<h1>')
  })

  test('has no field that the sending itself uses, and no two of one key', async () => {
    const field = { label: 'Website', kind: 'text' as const, required: false, choices: [] }
    for (const keys of [['website'], ['consent'], ['a', 'a']])
      await expect(make({ fields: keys.map((key) => ({ ...field, key })) })).rejects.toThrow('invalid_input')
  })

  test('has something to choose from wherever it asks for a choice', async () => {
    const size = { key: 'size', label: 'Størrelse', kind: 'choice' as const, required: true, choices: [] }
    await expect(make({ fields: [size] })).rejects.toThrow('invalid_input')
  })

  test('is guarded as the address for other pages is: a trap, a ticket that is used once, another page', async () => {
    const { publicKey } = await make({ origins: ['https://www.havneby.example'], guard: 'ticket' })
    await send(publicKey, { name: 'Robot', email: 'r1@side.example', website: 'x' })
    await send(publicKey, { name: 'Robot', email: 'r2@side.example', ticket: 'made.up' })
    await app.inject({
      method: 'POST',
      url: `/f/${publicKey}`,
      headers: {
        ...visitor(),
        origin: 'https://evil.example',
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: new URLSearchParams({ name: 'Robot', email: 'r3@side.example', ticket: ticketOn((await look(publicKey)).body) }).toString(), // prettier-ignore
    })
    expect(await leadsCalled('Robot')).toEqual([])
    const list = world.core.registry.find('leads.submissions.list')!
    const { items } = (await call(list, { status: 'quarantined', limit: 10 })) as {
      items: { suspicions: string[] }[]
    }
    expect(items.map(({ suspicions }) => suspicions)).toEqual([['otherPage'], ['badTicket'], ['trap']])
  })

  test('fetches the script that proves a browser only where the form asks for it', async () => {
    const { publicKey } = await make({ guard: 'proof' })
    expect((await look(publicKey)).body).toContain('<script type="module" src="/f/proof.js">')
    expect((await app.inject('/f/proof.js')).headers['content-type']).toBe('text/javascript; charset=utf-8')
  })

  test('is not there when the form is closed, and says so as a page', async () => {
    const { id, publicKey } = await make()
    await call(updateForm, { id, open: false })
    for (const key of [publicKey, 'form_nobodyhasthisone']) {
      const { statusCode, body } = await look(key)
      expect(statusCode).toBe(404)
      expect(body).toContain('<h1>')
    }
  })

  test('is as unknown as one that never was, while the company has leads switched off', async () => {
    const { publicKey } = await make()
    const switchLeads = (on: boolean) => call(world.core.registry.find('platform.plugins.update')!, { id: 'leads', on }) // prettier-ignore
    await switchLeads(false)
    const off = await look(publicKey)
    expect([off.statusCode, off.body]).toEqual([404, (await look('form_nobodyhasthisone')).body])
    await switchLeads(true)
    expect((await look(publicKey)).statusCode).toBe(200)
  })
})
