import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { testServer, twoTenants, type TwoTenants } from '#core/testing'
import type { AnyOperation, Caller, InputOf, OutputOf } from '#core'
import { leads } from '#plugins/leads'
import { listLeads } from '../leads/read.ts'
import { acceptQuarantined } from '../submissions/operations.ts'
import { createForm, updateForm } from './operations.ts'

let world: TwoTenants
let app: FastifyInstance
let caller: Caller
let address = 0
beforeAll(async () => {
  world = await twoTenants([{ ...leads, demo: async () => undefined }], { TRUST_PROXY: 'true' })
  app = await testServer(world)
  caller = world.nordlys.caller
})
afterAll(async () => {
  await app.close()
  await world.close()
})

const call = async <O extends AnyOperation>(operation: O, input: InputOf<O>): Promise<OutputOf<O>> =>
  (await world.core.invoke(operation, input, caller)).value
const named = (name: string) => world.core.registry.find(name)!

const consentText = 'I må ringe til mig om mit tilbud.'
const make = (given: Partial<InputOf<typeof createForm>> = {}) =>
  call(createForm, { name: 'Få et tilbud', ...given })

const visitor = () => `203.0.113.${++address % 250}`
const person = { name: 'Bente Skov', email: 'bente@havneby.example', message: 'Et tilbud, tak' }

/** What a page's script sends, each time from another address. */
const send = (key: string, payload: object, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/api/v1/public/leads/forms/${key}/submit`,
    headers: { 'x-forwarded-for': visitor(), 'accept-language': 'en', ...headers },
    payload,
  })

const sendPlain = (key: string, fields: Record<string, string>) =>
  app.inject({
    method: 'POST',
    url: `/api/v1/public/leads/forms/${key}/submit`,
    headers: {
      'x-forwarded-for': visitor(),
      'content-type': 'application/x-www-form-urlencoded',
      'accept-language': 'da',
    },
    payload: new URLSearchParams(fields).toString(),
  })

const leadsCalled = async (q: string) => (await call(listLeads, { q })).items
const quarantined = async () =>
  ((await call(named('leads.submissions.list'), { status: 'quarantined' })) as { items: Item[] }).items
interface Item {
  readonly id: string
  readonly sender: string
  readonly suspicions: readonly string[]
}

test('a visitor becomes a lead, with the words that they agreed to and where they came from', async () => {
  const { publicKey } = await make({ consentText })
  const page = 'https://www.nordlys.example/tilbud'
  const values = { ...person, name: 'Karla Visitor', email: 'karla@havneby.example' }
  const answer = await send(
    publicKey,
    { values, consent: true, page },
    { 'x-forwarded-for': '198.51.100.77' },
  )
  expect([answer.statusCode, answer.json()]).toEqual([200, { received: true, redirectTo: null }])
  const [lead] = await leadsCalled('karla visitor')
  expect(lead).toMatchObject({ status: 'new', email: 'karla@havneby.example', message: 'Et tilbud, tak' })
  const { items } = (await call(named('leads.consents.list'), { leadId: lead!.id })) as { items: object[] }
  expect(items).toMatchObject([{ text: consentText, consentVersion: 1, network: '198.51.100.0/24', page }])
})

test('who came in is told in the trail as an outsider, by the form', async () => {
  const { publicKey, id } = await make({ name: 'Sporet' })
  await send(publicKey, { values: { ...person, email: 'spor@havneby.example' } })
  const { rows } = await world.admin.query(
    `SELECT actor_kind, actor_name, surface, operation FROM platform.audit WHERE actor_id = $1`,
    [id],
  )
  const line = {
    actor_kind: 'outsider',
    actor_name: 'Sporet',
    surface: 'public',
    operation: 'leads.forms.submit',
  }
  expect(rows).toEqual([line])
})

test('an older wording stays with whoever agreed to it', async () => {
  const { publicKey, id } = await make({ consentText })
  const values = { ...person, name: 'Otto Ordlyd', email: 'otto@havneby.example' }
  await send(publicKey, { values, consent: true })
  const changed = await call(updateForm, { id, consentText: 'Og I må skrive til mig.' })
  expect(changed).toMatchObject({ consentVersion: 2 })
  await send(publicKey, { values, consent: true })
  const [lead] = await leadsCalled('otto ordlyd')
  const { items } = (await call(named('leads.consents.list'), { leadId: lead!.id })) as { items: object[] }
  expect(items).toMatchObject([
    { consentVersion: 2, text: 'Og I må skrive til mig.' },
    { consentVersion: 1, text: consentText },
  ])
})

test.each([
  ['a required field that is empty', { values: { email: 'x@havneby.example' } }, 'leads_field_missing'],
  ['an email that is none', { values: { ...person, email: 'bente' } }, 'leads_field_wrong'],
  ['a consent that is not given', { values: person }, 'leads_consent_needed'],
  ['a field that no form has', { values: person, consent: true, tenant: 'x' }, 'invalid_input'],
  ['a body that is no object', ['x'], 'malformed_body'],
])('%s is refused with a sentence', async (_, payload, code) => {
  const { publicKey } = await make({ consentText })
  const answer = await send(publicKey, payload)
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({ error: { code, message: expect.stringMatching(/\.$/) } })
})

test('a key that is unknown, rotated away or of a closed form opens nothing', async () => {
  const { id, publicKey } = await make()
  await call(named('leads.forms.rotate'), { id })
  const closed = await make()
  await call(updateForm, { id: closed.id, open: false })
  for (const key of [publicKey, closed.publicKey, 'form_nobodyhasthiskey', "x' OR 1=1 --"]) {
    const answer = await send(encodeURIComponent(key), { values: person })
    expect([answer.statusCode, answer.json().error.code], key).toEqual([404, 'not_found'])
  }
})

test('a key opens its own two operations, of its own company, and nothing else', async () => {
  const { publicKey, id } = await make()
  for (const path of ['leads/leads', `leads/forms/${publicKey}/rotate`, `leads/forms/${id}/submit`]) {
    const answer = await app.inject({
      method: 'POST',
      url: `/api/v1/public/${path}`,
      payload: { values: person },
    })
    expect(answer.statusCode, path).toBe(404)
  }
  const outsider = { ...caller, actor: { kind: 'outsider', id, name: 'x' } } as const
  const listing = world.core.invoke(listLeads, {}, outsider)
  await expect(listing).rejects.toMatchObject({ code: 'forbidden' })
})

test('the form of a company that has switched leads off is not there', async () => {
  const { publicKey } = await make()
  await call(named('platform.plugins.update'), { id: 'leads', on: false })
  const answer = await send(publicKey, { values: person })
  await call(named('platform.plugins.update'), { id: 'leads', on: true })
  expect(answer.statusCode).toBe(404)
})

test('what is suspicious waits in quarantine with its reasons, and the sender is told nothing of it', async () => {
  const { publicKey } = await make({ guard: 'ticket' })
  const values = { ...person, name: 'Spam Bot', email: 'bot@mailinator.com' }
  const answer = await send(publicKey, { values, website: 'http://spam.example' })
  expect(answer.json()).toEqual({ received: true, redirectTo: null })
  expect(await leadsCalled('spam bot')).toEqual([])
  const [waiting] = await quarantined()
  expect(waiting).toMatchObject({ sender: 'Spam Bot', suspicions: ['trap', 'noTicket', 'disposableEmail'] })
})

test('whoever was taken for a program becomes a lead when a person says so, and once', async () => {
  const { publicKey } = await make({ consentText })
  const values = { ...person, name: 'Ægte Kunde', email: 'kunde@havneby.example' }
  await send(publicKey, { values, consent: true, website: 'min autoudfyldning' })
  const { id } = (await quarantined()).find(({ sender }) => sender === 'Ægte Kunde')!
  const [accepted, again] = await Promise.allSettled([1, 2].map(() => call(acceptQuarantined, { id })))
  const made = accepted!.status === 'fulfilled' ? accepted : again
  expect(made).toMatchObject({ status: 'fulfilled', value: { name: 'Ægte Kunde', outcome: 'created' } })
  expect(await leadsCalled('ægte kunde')).toMatchObject([{ captures: 1 }])
})

test('a page opens the form, gets a ticket, and sends it once', async () => {
  const { publicKey } = await make({ guard: 'ticket', leastSeconds: 0, consentText })
  const open = await app.inject({
    method: 'POST',
    url: `/api/v1/public/leads/forms/${publicKey}/open`,
    payload: {},
  })
  expect(open.json()).toMatchObject({
    name: 'Få et tilbud',
    company: 'Nordlys Rengøring ApS',
    consentText,
    proofBits: null,
  })
  expect(JSON.stringify(open.json())).not.toMatch(/secret|tenant|publicKey/i)
  const { ticket } = open.json() as { ticket: string }
  const values = { ...person, name: 'Billet Holder', email: 'billet@havneby.example' }
  for (const _ of [1, 2]) await send(publicKey, { values, consent: true, ticket })
  expect(await leadsCalled('billet holder')).toMatchObject([{ captures: 1 }])
  expect(await quarantined()).toContainEqual(
    expect.objectContaining({ sender: 'Billet Holder', suspicions: ['usedTicket'] }),
  )
})

test('a plain form without a script is sent on to the page of thanks, and only where the form allows', async () => {
  const thanksUrl = 'https://www.nordlys.example/tak'
  const other = 'https://www.nordlys.example/tak-for-det'
  const { publicKey } = await make({ thanksUrl, redirects: [other], consentText })
  const fields = { ...person, email: 'plain@havneby.example', consent: 'on', website: '' }
  const onward = async (redirect: string) => {
    const answer = await sendPlain(publicKey, { ...fields, redirect })
    return [answer.statusCode, answer.headers.location]
  }
  expect(await onward('')).toEqual([303, thanksUrl])
  expect(await onward(other)).toEqual([303, other])
  expect(await onward('https://evil.example/')).toEqual([303, thanksUrl])
})

test('a plain form is thanked, or refused, with a page that can do nothing', async () => {
  const { publicKey } = await make({ fields: [{ key: 'name', label: '<b>Navn</b>', required: true }] })
  const thanked = await sendPlain(publicKey, { name: 'Plain Person' })
  expect(thanked.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(thanked.body).toContain('Tak. Vi har modtaget')
  const refused = await sendPlain(publicKey, { name: ' ' })
  expect(refused.statusCode).toBe(400)
  expect(refused.body).toContain('Udfyld feltet “&#60;b&#62;Navn&#60;/b&#62;”')
  expect(refused.headers['content-security-policy']).toContain("default-src 'self'")
})

test('pages of the named origins may read the answer, and others may not', async () => {
  const origin = 'https://www.nordlys.example'
  const { publicKey } = await make({ origins: [origin] })
  const preflight = async (from: string) => {
    const url = `/api/v1/public/leads/forms/${publicKey}/submit`
    const headers = { origin: from, 'access-control-request-method': 'POST' }
    return app.inject({ method: 'OPTIONS', url, headers })
  }
  expect((await preflight(origin)).headers['access-control-allow-origin']).toBe(origin)
  expect((await preflight('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined()
  const values = { ...person, name: 'Fremmed Side', email: 'fremmed@havneby.example' }
  const own = await send(publicKey, { values: { ...values, name: 'Egen Side' } }, { origin })
  expect(own.headers['access-control-allow-origin']).toBe(origin)
  expect(own.headers['access-control-allow-credentials']).toBeUndefined()
  await send(publicKey, { values }, { origin: 'https://evil.example' })
  expect(await quarantined()).toContainEqual(
    expect.objectContaining({ sender: 'Fremmed Side', suspicions: ['otherPage'] }),
  )
})

test('one address sends only so much in a minute, a /64 of IPv6 counting as one, and nobody else is held up', async () => {
  const { publicKey } = await make()
  const from = (n: number) => ({ 'x-forwarded-for': `2001:db8:1:2::${n}` })
  const sent = Array.from({ length: 31 }, (_, n) => send(publicKey, { values: {} }, from(n)))
  const answers = (await Promise.all(sent)).map(({ statusCode }) => statusCode)
  expect(answers.filter((status) => status === 429)).toHaveLength(1)
  expect((await send(publicKey, { values: {} })).statusCode).toBe(400)
})

test('a body that is too large is refused before it is read', async () => {
  const { publicKey } = await make()
  const answer = await send(publicKey, { values: { name: 'x'.repeat(70_000) } })
  expect(answer.statusCode).toBe(413)
})
