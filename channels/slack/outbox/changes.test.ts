import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { TestCore } from '#core/testing'
import { outboxGround, outboxWorld, type OutboxWorld } from './testWorld.ts'

let ground: TestCore
let world: OutboxWorld
beforeAll(async () => void (ground = await outboxGround()))
afterAll(() => ground.close())
const begin = async (): Promise<void> => void (world = await outboxWorld(ground))
afterEach(() => world.close())

const slack = () => world.fake.slack
const texts = () => slack().messages('general').filter(({ botId }) => botId).map(({ text }) => text) // prettier-ignore

describe('a change of a message', () => {
  test('is made, and made again when nobody knows whether it was', async () => {
    await begin()
    const { ts } = await world.out.post(world.general(), { text: 'før' }, 'a')
    slack().failNext('chat.update', '500')
    await world.passing(world.out.update(world.general(), ts, { text: 'efter' }, 'b'))
    expect(texts()).toEqual(['efter'])
  })

  test('that is left behind does not come after a newer one', async () => {
    await begin()
    const { ts } = await world.out.post(world.general(), { text: 'før' }, 'a')
    for (let times = 0; times < 6; times++) slack().failNext('chat.update', '500')
    await world.passing(world.out.update(world.general(), ts, { text: 'først' }, 'b')).catch(() => undefined)
    await world.passing(world.out.update(world.general(), ts, { text: 'sidst' }, 'c'))
    await world.leasesRunOut()
    await world.passing(world.out.recover())
    expect(texts()).toEqual(['sidst'])
  })
})

describe('a file', () => {
  const file = { name: 'salg.csv', content: Buffer.from('Kunde;Beløb\r\n') }
  const shared = () => slack().messages('general').flatMap(({ files }) => files.map(({ name }) => name)) // prettier-ignore

  test('is shared in its thread, once', async () => {
    await begin()
    const place = world.placeOf(slack().mention('anna', 'general', 'filen?'))
    await world.out.file(place, file, 'a')
    await world.out.file(place, file, 'a')
    expect(shared()).toEqual(['salg.csv'])
    expect(slack().messages('general').at(-1)).toMatchObject({ threadTs: place.thread })
  })

  test('is not shared twice when nobody heard that it was', async () => {
    await begin()
    slack().failNext('files.completeUploadExternal', '500')
    await world.passing(world.out.file(world.general(), file, 'a'))
    expect(shared()).toEqual(['salg.csv'])
  })

  test('that is too large is refused with a sentence', async () => {
    await begin()
    const large = { name: 'a.bin', content: Buffer.alloc(6 * 1024 * 1024) }
    await expect(world.out.file(world.general(), large, 'a')).rejects.toMatchObject({ code: 'too_large' })
  })
})

test('a message for one person alone reaches only that person', async () => {
  await begin()
  const anna = slack().workspace.user('anna').id
  await world.out.ephemeral(world.general(), anna, { text: 'Kun **dig**' })
  expect(slack().messages('general').at(-1)).toMatchObject({ onlyFor: anna, text: 'Kun dig' })
})
