import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Authenticated } from './authenticate.ts'
import { bearer, codeOf, openWorld, password, refusal, type World } from './testWorld.ts'

interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: string
  readonly version: number
}

const device = { address: '192.0.2.1', userAgent: '' }

describe('the people of a company', () => {
  let world: World
  let anna: Authenticated
  let sofie: Authenticated
  beforeAll(async () => {
    world = await openWorld()
    anna = await world.identity.accessOf(world.nordlys, world.anna)
    sofie = await world.identity.accessOf(world.fjord, world.sofie)
  })
  afterAll(() => world.close())

  const list = async (who: Authenticated, input: object = {}) =>
    ((await world.run('platform.people.list', who, input)) as { items: Person[] }).items
  const update = (who: Authenticated, input: object) =>
    world.run('platform.people.update', who, input) as Promise<Person>
  const remove = async (who: Authenticated, id: string): Promise<void> => {
    const asked = await refusal(world.run('platform.people.delete', who, { id }))
    if (asked.code !== 'confirmation_required') throw asked
    await world.run('platform.people.delete', who, { id }, asked.details['confirm'] as string)
  }
  const as = (id: string) => world.identity.accessOf(world.nordlys, id)

  test('are listed with their roles, and nobody else', async () => {
    const people = await list(anna)
    expect(people.map(({ email, role }) => [email, role])).toEqual([
      ['anna@nordlys.example', 'owner'],
      ['mikkel@nordlys.example', 'employee'],
      ['rikke@nordlys.example', 'readOnly'],
    ])
    expect((await list(sofie)).map(({ email }) => email)).toEqual([
      'anna@nordlys.example',
      'sofie@fjordit.example',
    ])
    expect(JSON.stringify(people)).not.toContain('argon2')
    expect(await list(anna, { role: 'employee' })).toHaveLength(1)
  })

  test.each(['sørensen', 'sorensen', 'soerensen', 'Rikke', 'rikke@nordlys', 'sornsen'])(
    'are found by %s',
    async (q) => {
      expect((await list(anna, { q }))[0]?.name).toBe('Rikke Sørensen')
    },
  )

  test('of another company are answered as people who do not exist', async () => {
    expect(await list(anna, { q: 'Sofie' })).toEqual([])
    for (const [name, more] of [
      ['platform.people.get', {}],
      ['platform.people.update', { role: 'admin' }],
    ] as const) {
      const theirs = await refusal(world.run(name, anna, { ...more, id: world.sofie }))
      const nobodys = await refusal(world.run(name, anna, { ...more, id: world.fjord }))
      expect([theirs.code, theirs.details]).toEqual([nobodys.code, nobodys.details])
      expect(theirs.code).toBe('not_found')
    }
  })

  test('get another role, which holds from the next call on', async () => {
    const before = await as(world.mikkel)
    expect(await codeOf(list(before, { role: 'nobody' }))).toBe('invalid_input')
    const changed = await update(anna, { id: world.mikkel, role: 'readOnly' })
    expect(changed).toMatchObject({ role: 'readOnly', version: 2 })
    expect((await as(world.mikkel)).permissions).not.toContain('shelf.books:write')
    expect(await codeOf(update(anna, { id: world.mikkel, role: 'employee', version: 1 }))).toBe(
      'version_conflict',
    )
    await update(anna, { id: world.mikkel, role: 'employee', version: 2 })
    expect((await as(world.mikkel)).permissions).toContain('shelf.books:write')
  })

  test('are changed by those who may: no employee, and ownership by owners alone', async () => {
    expect(await codeOf(update(await as(world.mikkel), { id: world.mikkel, role: 'admin' }))).toBe(
      'forbidden',
    )
    await update(anna, { id: world.mikkel, role: 'admin' })
    const admin = await as(world.mikkel)
    await update(admin, { id: world.rikke, role: 'employee' })
    expect(await codeOf(update(admin, { id: world.mikkel, role: 'owner' }))).toBe('conflict')
    expect(await codeOf(update(admin, { id: world.anna, role: 'employee' }))).toBe('conflict')
    expect(await codeOf(remove(admin, world.anna))).toBe('conflict')
  })

  test('always have an owner among them', async () => {
    expect(await codeOf(update(anna, { id: world.anna, role: 'admin' }))).toBe('conflict')
    expect(await codeOf(remove(anna, world.anna))).toBe('conflict')
  })

  test('keep an owner when two owners demote each other at once', async () => {
    for (let round = 0; round < 5; round++) {
      await update(anna, { id: world.mikkel, role: 'owner' })
      const mikkel = await as(world.mikkel)
      const both = await Promise.allSettled([
        update(anna, { id: world.mikkel, role: 'admin' }),
        update(mikkel, { id: world.anna, role: 'admin' }),
      ])
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await list(anna, { role: 'owner' })).toHaveLength(1)
      await world.admin.query(
        `UPDATE platform.memberships SET role = 'owner' WHERE person_id = $1 AND tenant_id = $2`,
        [world.anna, world.nordlys],
      )
      await update(anna, { id: world.mikkel, role: 'admin' })
    }
  })

  test('lose their access at once when they are removed, in this company and not in another', async () => {
    await update(anna, { id: world.mikkel, role: 'owner' })
    const mikkel = await as(world.mikkel)
    const signedIn = await world.signIn('anna@nordlys.example')
    const { sessionId } = await world.identity.authenticate(bearer(signedIn.accessToken))
    await world.identity.switchTenant(sessionId as string, world.nordlys)
    await remove(mikkel, world.anna)
    expect(await codeOf(world.identity.authenticate(bearer(signedIn.accessToken)))).toBe('unauthenticated')
    expect(await list(mikkel)).toHaveLength(2)
    const elsewhere = await world.identity.refresh(signedIn.refreshToken, device)
    expect(elsewhere.tenant.id).toBe(world.fjord)
    await world.identity.authenticate(bearer(elsewhere.accessToken))
    expect(await codeOf(world.identity.switchTenant(sessionId as string, world.nordlys))).toBe('not_found')
  })

  test('who are members nowhere cannot sign in any more', async () => {
    await remove(await as(world.mikkel), world.rikke)
    expect(await codeOf(world.signIn('rikke@nordlys.example', { password }))).toBe('wrong_credentials')
  })

  test('cannot be put into a company by the runtime login itself, nor their passwords read', async () => {
    const statements = [
      `INSERT INTO platform.memberships (tenant_id, person_id, email, role) VALUES ('${world.nordlys}', '${world.sofie}', 'x@x.example', 'owner')`,
      `UPDATE platform.memberships SET person_id = '${world.sofie}'`,
      `SELECT password_hash FROM platform.people`,
      `SELECT * FROM platform.sessions`,
      `SELECT * FROM platform.refresh_tokens`,
      `SELECT secret_hash FROM platform.api_keys`,
      `SELECT token_hash FROM platform.invitations`,
      `UPDATE platform.tenants SET limits = '{"a":1}'`,
    ]
    for (const statement of statements) {
      await world.admin.query(`BEGIN; SET LOCAL ROLE tekup_app; SET LOCAL app.tenant_id = '${world.nordlys}'`)
      await expect(world.admin.query(statement), statement).rejects.toMatchObject({ code: '42501' })
      await world.admin.query('ROLLBACK')
    }
  })
})
