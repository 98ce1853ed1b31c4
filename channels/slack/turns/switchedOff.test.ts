import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../fake/state.ts'
import { startTurnWorld, type TurnWorld } from './testWorld.ts'

let world: TurnWorld
beforeAll(async () => {
  world = await startTurnWorld()
  await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Nordlys')`, [
    world.tenant,
  ])
})
afterAll(() => world.close())

const switchOff = () => world.admin.query(`INSERT INTO platform.domains_off (tenant_id, domain) VALUES ($1, 'slack')`, [world.tenant]) // prettier-ignore
const switchOn = () => world.admin.query('DELETE FROM platform.domains_off WHERE tenant_id = $1', [world.tenant]) // prettier-ignore
const waiting = async () => (await world.admin.query(`SELECT FROM slack.outbox WHERE state = 'due'`)).rowCount
const recover = () => world.channel.parts.out.recover()

/** A question whose answer is made while Slack is switched off. */
async function askAndSwitchOff(text: string): Promise<Message> {
  const question = world.slack.mention('anna', 'general', `hold\nsay ${text}`)
  await world.held(`hold\nsay ${text}`)
  await switchOff()
  world.goOn()
  await world.settled()
  return question
}

test('what is to go out when a company switches Slack off waits, and goes out once when it is on again', async () => {
  const question = await askAndSwitchOff('later')
  const before = world.slack.calls().length
  expect(await waiting()).toBe(1)
  await recover()
  expect(world.slack.calls()).toHaveLength(before)
  await switchOn()
  await recover()
  await recover()
  expect(world.answers(question)).toEqual(['later'])
  expect(await waiting()).toBe(0)
})

test('what would come a day late is dropped', async () => {
  const question = await askAndSwitchOff('too late')
  await world.admin.query(
    `UPDATE slack.outbox SET created_at = now() - interval '25 hours' WHERE state = 'due'`,
  )
  await world.admin.query('SELECT slack.sweep_outbox(100)')
  await switchOn()
  await recover()
  expect(world.answers(question)).toEqual([])
})

test('what a workspace that was uninstalled was to be told is closed', async () => {
  const question = world.slack.mention('anna', 'general', 'hold\nsay never')
  await world.held('hold\nsay never')
  world.slack.uninstall()
  await world.settled()
  await world.until(async () => (await waiting()) === 0)
  expect(world.answers(question)).toEqual([])
})
