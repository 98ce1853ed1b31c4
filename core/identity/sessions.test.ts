import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../errors.ts'
import { bearer, codeOf, openWorld, refusal, type World, soon } from './testWorld.ts'

const device = { address: '192.0.2.1', userAgent: 'Firefox' }

describe('a session', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  const alive = (token: string, process: Pick<World, 'identity'> = world) =>
    process.identity.authenticate(bearer(token))

  test('goes on with each refresh, every refresh token used once', async () => {
    const first = await world.signIn('mikkel@nordlys.example')
    const second = await world.identity.refresh(first.refreshToken, device)
    const third = await world.identity.refresh(second.refreshToken, device)
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3)
    const [one, other] = [await alive(first.accessToken), await alive(third.accessToken)]
    expect(other.sessionId).toBe(one.sessionId)
  })

  test('answers a refresh whose answer was lost with the same successor, for ten seconds', async () => {
    const first = await world.signIn('mikkel@nordlys.example')
    const second = await world.identity.refresh(first.refreshToken, device)
    world.pass(8)
    const again = await world.identity.refresh(first.refreshToken, device)
    expect(again.refreshToken).toBe(second.refreshToken)
    await alive(again.accessToken)
  })

  test('gives two refreshes side by side, in two processes, the same successor', async () => {
    const other = await world.anotherProcess()
    const { refreshToken } = await world.signIn('mikkel@nordlys.example')
    const both = await Promise.all(
      [world, other].map(({ identity }) => identity.refresh(refreshToken, device)),
    )
    expect(both[0]?.refreshToken).toBe(both[1]?.refreshToken)
  })

  test('ends whole when a refresh token is replayed after the grace', async () => {
    const first = await world.signIn('mikkel@nordlys.example')
    const second = await world.identity.refresh(first.refreshToken, device)
    world.pass(11)
    expect(await codeOf(world.identity.refresh(first.refreshToken, device))).toBe('unauthenticated')
    expect(await codeOf(alive(second.accessToken))).toBe('unauthenticated')
    expect(await codeOf(world.identity.refresh(second.refreshToken, device))).toBe('unauthenticated')
  })

  test('ends whole when a refresh token is replayed within the grace but its successor was used', async () => {
    const first = await world.signIn('mikkel@nordlys.example')
    const second = await world.identity.refresh(first.refreshToken, device)
    const third = await world.identity.refresh(second.refreshToken, device)
    expect(await codeOf(world.identity.refresh(first.refreshToken, device))).toBe('unauthenticated')
    expect(await codeOf(alive(third.accessToken))).toBe('unauthenticated')
  })

  test('is not touched by a refresh token that was made up', async () => {
    const { accessToken } = await world.signIn('mikkel@nordlys.example')
    for (const token of ['', 'rt_x', `rt_${'A'.repeat(43)}`, '\0', accessToken]) {
      expect(await codeOf(world.identity.refresh(token, device))).toBe('unauthenticated')
    }
    await alive(accessToken)
  })

  test('expires: the refresh token after 30 days', async () => {
    const { refreshToken } = await world.signIn('mikkel@nordlys.example')
    world.pass(30 * 86_400 + 1)
    expect(await codeOf(world.identity.refresh(refreshToken, device))).toBe('unauthenticated')
  })

  test('is dead at once when it is ended, in this process and in another that remembers it', async () => {
    const other = await world.anotherProcess()
    for (let round = 0; round < 5; round++) {
      const { accessToken, refreshToken } = await world.signIn('mikkel@nordlys.example')
      const { sessionId } = await alive(accessToken)
      await alive(accessToken, other)
      await world.identity.signOut(sessionId as string)
      expect(await codeOf(alive(accessToken))).toBe('unauthenticated')
      await expect.poll(() => codeOf(alive(accessToken, other)), soon).toBe('unauthenticated')
      expect(await codeOf(other.identity.refresh(refreshToken, device))).toBe('unauthenticated')
    }
  })

  test('is listed for its person alone, the one that asks marked, and ended from the list', async () => {
    const here = await world.signIn('rikke@nordlys.example', { userAgent: 'Firefox' })
    const there = await world.signIn('rikke@nordlys.example', { userAgent: 'Phone' })
    const who = await alive(here.accessToken)
    const { items } = (await world.run('platform.sessions.list', who)) as {
      items: { id: string; userAgent: string; current: boolean }[]
    }
    expect(items.map(({ userAgent, current }) => [userAgent, current])).toEqual(
      expect.arrayContaining([
        ['Firefox', true],
        ['Phone', false],
      ]),
    )
    expect(items).toHaveLength(2)
    const phone = items.find(({ userAgent }) => userAgent === 'Phone')
    for (let n = 0; n < 20; n++) await alive(there.accessToken)
    await world.run('platform.sessions.delete', who, { id: phone?.id })
    expect(await codeOf(alive(there.accessToken))).toBe('unauthenticated')
    await alive(here.accessToken)
  })

  test('of somebody else is answered as one that does not exist', async () => {
    const mikkel = await alive((await world.signIn('mikkel@nordlys.example')).accessToken)
    const rikke = await alive((await world.signIn('rikke@nordlys.example')).accessToken)
    const theirs = await refusal(world.run('platform.sessions.delete', rikke, { id: mikkel.sessionId }))
    const nobodys = await refusal(world.run('platform.sessions.delete', rikke, { id: world.fjord }))
    expect([theirs.code, theirs.details]).toEqual([nobodys.code, nobodys.details])
    await world.run('platform.sessions.list', mikkel)
  })

  test('goes to another company of the person, and to no other', async () => {
    const anna = await world.signIn('anna@nordlys.example')
    const { sessionId } = await alive(anna.accessToken)
    const switched = await world.identity.switchTenant(sessionId as string, world.fjord)
    expect(await alive(switched.accessToken)).toMatchObject({
      tenant: { id: world.fjord },
      role: 'employee',
      sessionId,
    })
    const refreshed = await world.identity.refresh(anna.refreshToken, device)
    expect(refreshed.tenant.id).toBe(world.fjord)
    expect((await world.signIn('anna@nordlys.example')).tenant.id).toBe(world.fjord)
    const mikkel = await alive((await world.signIn('mikkel@nordlys.example')).accessToken)
    const foreign = await refusal(world.identity.switchTenant(mikkel.sessionId as string, world.fjord))
    const unknown = await refusal(world.identity.switchTenant(mikkel.sessionId as string, world.anna))
    expect([foreign.code, foreign.details]).toEqual([unknown.code, unknown.details])
    expect(foreign.code).toBe('not_found')
    const { rows } = await world.admin.query('SELECT current_tenant FROM platform.sessions WHERE person_id = $1', [world.mikkel]) // prettier-ignore
    expect(new Set(rows.map(({ current_tenant }) => current_tenant as string))).toEqual(
      new Set([world.nordlys]),
    )
  })

  test('keeps nothing but hashes', async () => {
    const { refreshToken } = await world.signIn('mikkel@nordlys.example')
    const { rows } = await world.admin.query(`SELECT * FROM platform.refresh_tokens t, platform.sessions s`)
    expect(JSON.stringify(rows)).not.toContain(refreshToken.slice(3, 20))
  })

  test('lets other processes answer from memory for two minutes at most when nobody told them', async () => {
    const { accessToken } = await world.signIn('mikkel@nordlys.example')
    await alive(accessToken)
    await world.admin.query(`ALTER TABLE platform.sessions DISABLE TRIGGER tell_access`)
    await world.admin.query(`UPDATE platform.sessions SET ended_at = now()`)
    await alive(accessToken)
    world.pass(121)
    expect(await codeOf(alive(accessToken))).toBe('unauthenticated')
    await world.admin.query(`ALTER TABLE platform.sessions ENABLE TRIGGER tell_access`)
  })

  test('ask anew at once when the connection that tells them of changes breaks', async () => {
    const { accessToken } = await world.signIn('mikkel@nordlys.example')
    await alive(accessToken)
    await world.admin.query(`ALTER TABLE platform.sessions DISABLE TRIGGER tell_access`)
    await world.admin.query(`UPDATE platform.sessions SET ended_at = now()`)
    await world.admin.query(`ALTER TABLE platform.sessions ENABLE TRIGGER tell_access`)
    await world.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'tekup-listen' AND datname = current_database()`)
    const codeNow = () => alive(accessToken).then(() => 'alive', ({ code }: Fault) => code) // prettier-ignore
    await expect.poll(codeNow, soon).toBe('unauthenticated')
  })
})
