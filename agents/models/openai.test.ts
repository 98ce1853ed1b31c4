import { expect, test } from 'vitest'
import { shelf } from '#core/testing'
import { assistantWorld } from '../testing/assistantWorld.ts'
import { describeModelProvider } from '../testing/describeModelProvider.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor } from '../testing/vendorServer.ts'
import { FindTools } from '../turn/index.ts'
import { boundOptions } from './boundOptions.ts'
import { promptBytes } from './estimate.ts'
import { openaiClient } from './openai.ts'

describeModelProvider(openaiProtocol)

test('arguments that are not JSON lead to the offline model', async () => {
  const vendor = await startVendor(openaiProtocol, () => ({
    calls: [{ name: 'shelf_books_create', args: '{"title": "half' }],
  }))
  const world = await assistantWorld([shelf], openaiProtocol.environment(vendor.address))
  expect((await world.say('list books')).text).toContain('does not answer right now')
  await world.close()
  await vendor.close()
})

test('a server of one’s own needs no key', async () => {
  const vendor = await startVendor(openaiProtocol, () => ({ words: ['Hello.'] }))
  const world = await assistantWorld([shelf], { OPENAI_BASE_URL: `${vendor.address}/v1` })
  expect((await world.say('hello')).text).toBe('Hello.')
  await world.close()
  await vendor.close()
})

test('tools are offered as the client itself would put them, and weighed as they are sent', () => {
  const choice = { id: 'x', name: 'X', vendor: 'openai', model: 'm', baseUrl: 'http://x.example/v1' } as const
  const { chat, offering } = openaiClient(choice, fetch)
  const offered = offering!([new FindTools(), new FindTools()])
  expect(offered).toEqual(boundOptions(chat.bindTools!([new FindTools(), new FindTools()])))
  for (let time = 0; time < 2; time++)
    expect(promptBytes([], offered)).toBe(JSON.stringify(offered['tools']).length)
})
