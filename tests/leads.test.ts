import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { signIn, startProduct, type Product } from './process.ts'
import { formKey, rows, visit, type Call, type Row } from './visitor.ts'

/* From a form in somebody's web page to a call in the calendar: one story through the whole product. */

const patience = 900_000
const products: Product[] = []
const folders: string[] = []
afterAll(async () => {
  for (const { process: child } of products) child.kill('SIGKILL')
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function start(DATA_DIR: string): Promise<Product> {
  const product = await startProduct({ DATA_DIR, RATE_LIMIT_PER_MINUTE: '100000' })
  products.push(product)
  return product
}

/** What came of a visitor, each as often as it is there. */
async function outcome(call: Call, name: string) {
  const q = encodeURIComponent(name)
  const [leads, contacts] = [
    await rows(call, `/leads/leads?q=${q}`),
    await rows(call, `/crm/contacts?q=${q}`),
  ]
  const [lead, contact] = [leads[0], contacts[0]]
  const tasks = contact ? await rows(call, `/crm/tasks?contactId=${contact.id}`) : []
  const history = lead
    ? ((await call('POST', `/leads/leads/${lead.id}/history`, {})) as { items: Row[] }).items
    : []
  return {
    leads: leads.length,
    contacts: contacts.length,
    companies: (await rows(call, `/crm/companies?q=${encodeURIComponent(`Strandby ${name}`)}`)).length,
    calls: tasks.map(({ title, ownerId }) => [title, ownerId === lead?.['ownerId']]),
    links: history.filter(({ kind }) => kind === 'linked').length,
    isLinked: contact !== undefined && lead?.['contactId'] === contact.id,
  }
}

/** Each step once: a contact of a company, a call for whoever has the lead, and the lead tied to the contact. */
const story = (name: string) => ({
  leads: 1,
  contacts: 1,
  companies: 1,
  calls: [[`Ring til ${name}`, true]],
  links: 1,
  isLinked: true,
})

async function settled(call: Call, name: string): Promise<void> {
  await expect.poll(() => outcome(call, name), { timeout: 300_000, interval: 200 }).toEqual(story(name))
}

/** What a reader who follows leads and tasks is told, until the story is at its end. */
async function follow({ address }: Product, email: string) {
  const { accessToken } = await fetch(`${address}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'Regnbue over Nordhavn' }),
  }).then((response) => response.json() as Promise<{ accessToken: string }>)
  const ended = new AbortController()
  const response = await fetch(`${address}/api/v1/events?topics=leads.leads,crm.contacts,crm.tasks`, {
    headers: { authorization: `Bearer ${accessToken}` },
    signal: ended.signal,
  })
  let said = ''
  const reading = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) said += chunk
  })().catch(() => undefined)
  return {
    told: () => Array.from(said.matchAll(/"event":"([^"]+)"/g), ([, event]) => event),
    stop: async () => {
      ended.abort()
      await reading
    },
  }
}

describe('a lead from a form', { timeout: patience }, () => {
  test('becomes a contact who is to be called, and whoever watches sees each step', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tekup-leads-'))
    folders.push(folder)
    const product = await start(folder)
    const call = await signIn(product.address, 'anna@nordlys.example')
    const watching = await follow(product, 'anna@nordlys.example')
    await visit(product, await formKey(call), 'Gry Watched')
    await settled(call, 'Gry Watched')
    await expect
      .poll(watching.told)
      .toEqual(
        expect.arrayContaining([
          'leads.leads.created',
          'crm.contacts.created',
          'crm.contacts.adopted',
          'crm.tasks.created',
          'leads.leads.linked',
        ]),
      )
    await watching.stop()

    // Killed at whatever it was about: what is left to do is done by the next process, and nothing twice.
    for (const [nth, name] of ['Ib Killed', 'Tove Killed'].entries()) {
      const running = products.at(-1)!
      const before = await signIn(running.address, 'anna@nordlys.example')
      await visit(running, await formKey(before), name)
      if (nth > 0)
        await expect.poll(async () => (await outcome(before, name)).contacts, { interval: 5 }).toBe(1)
      running.process.kill('SIGKILL')
      await running.ended
      const next = await start(folder)
      const after = await signIn(next.address, 'anna@nordlys.example')
      await settled(after, name)
      expect(await outcome(after, 'Gry Watched')).toEqual(story('Gry Watched'))
    }
    await products.at(-1)!.stop()
  })
})
