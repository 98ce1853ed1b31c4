import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Fault } from '../errors.ts'
import type { Caller } from '../operations/caller.ts'
import { openNotifications } from '../database/notifications.ts'
import { createAccessChanges } from '../identity/accessChanges.ts'
import { createRegistry } from '../operations/registry.ts'
import { plugin } from '../operations/plugin.ts'
import { twoTenants, type TwoTenants } from '../testing/twoTenants.ts'
import { addBook, lendBook, shelf, shelfSettings } from '../testing/shelf/shelf.ts'
import { createSettingsMemory } from './memory.ts'
import { settings } from './settings.ts'

interface Shown {
  readonly id: string
  readonly value: unknown
  readonly usual: unknown
  readonly version: number
  readonly schema: object
}

describe('settings of a plugin', () => {
  let world: TwoTenants
  let owner: Caller

  beforeAll(async () => {
    world = await twoTenants([shelf])
    owner = world.nordlys.caller
  })
  afterAll(() => world.close())
  beforeEach(() => world.admin.query('DELETE FROM platform.settings'))

  const call = async (name: string, input: object, caller = owner) =>
    (await world.core.invoke(world.core.registry.find(name)!, input, caller)).value as never
  const list = async (input: object = {}, caller = owner): Promise<Shown[]> =>
    ((await call('platform.settings.list', input, caller)) as { items: Shown[] }).items
  const choose = (id: string, value: unknown, more: object = {}, caller = owner): Promise<Shown> =>
    call('platform.settings.update', { id, value, ...more }, caller)
  const refusal = (promise: Promise<unknown>): Promise<Fault> =>
    promise.then(() => expect.fail('it was not refused'), (error: unknown) => error as Fault) // prettier-ignore
  const pagesOf = async (caller = owner): Promise<number> =>
    (await world.core.invoke(addBook, { title: `Book ${randomUUID()}` }, caller)).value.pages

  test('are the usual ones until the company chooses, with the schema of what may be chosen', async () => {
    expect(await list()).toEqual([
      expect.objectContaining({
        id: 'shelf.usualPages',
        title: 'Usual number of pages',
        value: 1,
        version: 0,
      }),
      expect.objectContaining({ id: 'shelf.lends', value: true, schema: { type: 'boolean' } }),
      expect.objectContaining({ id: 'shelf.binding', valueNames: { paper: 'Paper', cloth: 'Cloth' } }),
    ])
    expect((await list({ q: 'number of' }))[0]?.schema).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 1000,
    })
    expect(await pagesOf()).toBe(1)
  })

  test('are followed by the very next call once they are chosen, in that company alone', async () => {
    expect(await pagesOf()).toBe(1)
    await choose('shelf.usualPages', 250)
    expect(await pagesOf()).toBe(250)
    expect(await pagesOf(world.fjord.caller)).toBe(1)
    await choose('shelf.usualPages', null)
    expect(await pagesOf()).toBe(1)
  })

  test('that are true or false switch a feature on and off', async () => {
    const book = (await world.core.invoke(addBook, { title: 'Løvens gab' }, owner)).value
    const lend = () => world.core.invoke(lendBook, { id: book.id, to: 'peter@havneby.example' }, owner)
    expect((await lend()).value).toEqual({ sent: true })
    await choose('shelf.lends', false)
    expect((await refusal(lend())).sentence('en')).toContain('lends nothing')
  })

  test('are kept only where they are not the usual ones', async () => {
    await choose('shelf.usualPages', 250)
    await choose('shelf.lends', true)
    const kept = async () =>
      (await world.admin.query('SELECT name, value FROM platform.settings')).rows as unknown
    expect(await kept()).toEqual([{ name: 'usualPages', value: 250 }])
    await choose('shelf.usualPages', 1)
    expect(await kept()).toEqual([])
  })

  test('fall back to the usual value where what is stored does not fit any more', async () => {
    await world.admin.query(
      `INSERT INTO platform.settings (tenant_id, domain, name, value) VALUES
        ($1, 'shelf', 'usualPages', '"many"'), ($1, 'shelf', 'gone', '1'), ($1, 'shelf', 'binding', '"cloth"')`,
      [owner.tenant.id],
    )
    const values = Object.fromEntries((await list()).map(({ id, value }) => [id, value]))
    expect(values).toEqual({ 'shelf.usualPages': 1, 'shelf.lends': true, 'shelf.binding': 'cloth' })
    await expect.poll(() => pagesOf()).toBe(1)
  })

  test.each([
    ['shelf.usualPages', 0, 'Usual number of pages: must be at least 1.'],
    ['shelf.usualPages', 'many', 'Usual number of pages: must be a number.'],
    ['shelf.lends', 'perhaps', 'Lending: must be true or false.'],
    ['shelf.binding', 'leather', 'Binding: must be paper or cloth.'],
  ])('%s refuses %j with a sentence that names it', async (id, value, sentence) => {
    const fault = await refusal(choose(id, value))
    expect([fault.code, fault.sentence('en')]).toEqual([
      'invalid_input',
      `Correct what was sent: ${sentence}`,
    ])
  })

  test.each([
    ['shelf.usualPages', ' 42 ', 42],
    ['shelf.lends', 'nej', false],
    ['shelf.binding', 'cloth', 'cloth'],
    ['shelf.binding', 'CLOTH', 'cloth'],
  ])('%s takes %j as somebody says it', async (id, said, value) => {
    expect((await choose(id, said)).value).toBe(value)
  })

  test('refuse a change that was made from a version which somebody has changed meanwhile', async () => {
    const { version } = await choose('shelf.usualPages', 250, { version: 0 })
    expect(version).toBe(1)
    expect((await refusal(choose('shelf.usualPages', 300, { version: 0 }))).code).toBe('version_conflict')
    expect((await choose('shelf.usualPages', 300, { version: 1 })).version).toBe(2)
    await choose('shelf.usualPages', null)
    expect((await refusal(choose('shelf.usualPages', 1, { version: 2 }))).code).toBe('version_conflict')
  })

  test('are the affair of owners and administrators', async () => {
    const { rows } = await world.admin.query<{ id: string }>(
      `SELECT person_id AS id FROM platform.memberships WHERE tenant_id = $1 AND role = 'employee'`,
      [owner.tenant.id],
    )
    const who = await world.identity.accessOf(owner.tenant.id, rows[0]!.id)
    const caller: Caller = { ...owner, ...who, locale: 'en' }
    expect((await refusal(list({}, caller))).code).toBe('forbidden')
    expect((await refusal(choose('shelf.lends', false, {}, caller))).code).toBe('forbidden')
    expect(await pagesOf(caller)).toBe(1)
  })

  test('are unknown while the plugin is switched off, and as they were when it is on again', async () => {
    await choose('shelf.usualPages', 250)
    const off: Caller = { ...owner, domains: new Set() }
    expect(await list({}, off)).toEqual([])
    expect((await refusal(choose('shelf.usualPages', 1, {}, off))).code).toBe('not_found')
    expect((await refusal(choose('shelf.nothing', 1))).code).toBe('not_found')
    expect(await pagesOf()).toBe(250)
  })

  test('are followed by another process as soon as it hears of the change', async () => {
    const { core, runtimeUrl: url } = world
    const changes = createAccessChanges()
    const notifications = openNotifications({ url })
    await notifications.follow('tekup_access', { onNotification: changes.hear, onHearing: changes.hears })
      .ready
    const elsewhere = createSettingsMemory({ ...core, changes })
    const pagesThere = async () => (await elsewhere.of(owner.tenant.id, shelfSettings)).usualPages
    expect(await pagesThere()).toBe(1)
    await choose('shelf.usualPages', 250)
    await expect.poll(pagesThere).toBe(250)
    await notifications.close()
  })

  test('cost no exchange with the database while nothing changes', async () => {
    const reads: string[] = []
    const { read } = world.core.database
    const memory = createSettingsMemory({
      database: { read: (tenant, statement) => (reads.push(tenant), read(tenant, statement)) },
      changes: world.core.changes,
      clock: world.core.clock,
      log: world.core.log,
    })
    const tenant = world.fjord.caller.tenant.id
    for (const _ of [1, 2, 3]) expect((await memory.of(tenant, shelfSettings)).usualPages).toBe(1)
    expect(reads).toEqual([tenant])
  })
})

describe('a plugin’s settings at boot', () => {
  const locales = { da: {}, en: {} }

  test('are refused without a usual value, with one that does not fit, or of a kind that no form shows', () => {
    expect(() => settings('shop', z.object({ days: z.int() } as never))).toThrow('"shop.days" has no default')
    expect(() => settings('shop', z.object({ days: z.int().min(5).default(1) }))).toThrow(
      'does not fit its own',
    )
    expect(() => settings('shop', z.object({ days: z.array(z.int()).default([1]) }))).toThrow(
      'must be a boolean',
    )
    expect(() => settings('shop', z.object({ 'the days': z.int().default(1) }))).toThrow('must read like')
  })

  test('are refused without words in both languages', () => {
    const shop = { name: 'shop', version: '1.0.0', operations: [], locales }
    const chosen = settings('shop', z.object({ days: z.int().default(1) }))
    expect(() => createRegistry([plugin({ ...shop, settings: chosen })])).toThrow(
      '"shop.days" has no words in locales/da',
    )
    const words = { settings: { days: { title: 'Days' } } }
    expect(() => createRegistry([plugin({ ...shop, locales: { da: words, en: words } })])).toThrow(
      '"shop.days" is unknown',
    )
    createRegistry([plugin({ ...shop, settings: chosen, locales: { da: words, en: words } })])
  })
})
