import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { addressGroup } from './attempts.ts'

describe('what counts as one address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is of %s', (address, group) => expect(addressGroup(address)).toBe(group))
})

describe('counting attempts', () => {
  let world: TestDatabase
  let other: pg.Client
  let pidOfOther: number
  beforeAll(async () => {
    world = await testDatabase()
    other = new pg.Client({ connectionString: world.adminUrl })
    await other.connect()
    pidOfOther = (await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid
  })
  afterAll(async () => {
    await other.end()
    await world.close()
  })

  test('counts two that come at the same time as two', async () => {
    const admit = `SELECT platform.admit_attempt('one', 5, 300, interval '10 minutes', now())`
    await world.admin.query(admit)
    await world.admin.query(`BEGIN; ${admit}`)
    const second = other.query(admit)
    const waitsFor = async (): Promise<number[]> =>
      (await world.admin.query('SELECT pg_blocking_pids($1) AS pids', [pidOfOther])).rows[0].pids
    await expect.poll(waitsFor).not.toEqual([])
    await world.admin.query('COMMIT')
    await second
    const { rows } = await world.admin.query(`SELECT round(level) AS level FROM platform.sign_in_attempts`)
    expect(rows).toEqual([{ level: 3 }])
  })

  test('holds nobody up who comes side by side with a right one, whichever of their moments is counted first', async () => {
    const moments = ['2026-03-02T09:00:00.020Z', '2026-03-02T09:00:00.010Z']
    const admitted: number[] = []
    for (const at of [...moments, ...moments.toReversed()]) {
      const { rows } = await world.admin.query<{ seconds: number }>(
        `SELECT platform.admit_attempt('side by side', 5, 300, interval '10 minutes', $1) AS seconds`,
        [at],
      )
      admitted.push(rows[0]!.seconds)
      await world.admin.query(`SELECT platform.give_back_attempt('side by side', $1)`, [moments[0]])
    }
    expect(admitted).toEqual([0, 0, 0, 0])
    const { rows } = await world.admin.query(
      `DELETE FROM platform.sign_in_attempts WHERE key = 'side by side' RETURNING level`,
    )
    expect(rows).toEqual([{ level: 0 }])
  })

  test('never lets anybody wait longer than the longest wait, and forgets what is a day old', async () => {
    const admit = `SELECT platform.admit_attempt($1, 5, 300, interval '10 minutes', $2) AS seconds`
    let at = Date.now()
    let longest = 0
    for (let n = 0; n < 40; n++) {
      const { rows } = await world.admin.query<{ seconds: number }>(admit, ['two', new Date(at)])
      longest = Math.max(longest, rows[0]!.seconds)
      at += rows[0]!.seconds * 1000
    }
    expect(longest).toBe(300)
    await world.admin.query(admit, ['three', new Date(at + 2 * 86_400_000)])
    const { rows } = await world.admin.query(`SELECT key FROM platform.sign_in_attempts`)
    expect(rows).toEqual([{ key: 'three' }])
  })
})
