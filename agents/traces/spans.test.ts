import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startTracing } from '#core'
import { shelf } from '#core/testing'
import { assistantWorld } from '../testing/assistantWorld.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor } from '../testing/vendorServer.ts'

interface Exported {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[]
}

/** A collector on this machine that takes OTLP over HTTP. */
async function startCollector() {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.url === '/v1/traces') bodies.push(Buffer.concat(chunks).toString())
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans: () =>
      bodies.flatMap((body) =>
        (JSON.parse(body).resourceSpans as { scopeSpans: { spans: Exported[] }[] }[]).flatMap(
          ({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans),
        ),
      ),
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

test('a turn reaches the collector as spans of the agent, its questions to models and its calls, without a word of what was said', async () => {
  const collector = await startCollector()
  const vendor = await startVendor(openaiProtocol, (request) =>
    openaiProtocol.results(request).length === 0
      ? { calls: [{ name: 'shelf_books_create', args: { title: 'Niels Lyhne' } }] }
      : { words: ['Added it.'] },
  )
  const world = await assistantWorld([shelf], openaiProtocol.environment(vendor.address))
  const stop = await startTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.address, OTEL_SERVICE_NAME: 'tekup' }, '1.0.0') // prettier-ignore
  const { conversation } = await world.say('add Niels Lyhne', { caller: world.callerOf(randomUUID()) })
  await stop()

  const spans = collector.spans()
  const agent = spans.find(({ name }) => name === 'invoke_agent TekUp')!
  const below = spans.filter(({ parentSpanId }) => parentSpanId === agent.spanId)
  expect(below.map(({ name }) => name)).toEqual([
    'chat gpt-test',
    'chat gpt-test',
    'execute_tool shelf.books.create',
  ])
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  for (const { startTimeUnixNano, endTimeUnixNano } of below) {
    expect(BigInt(startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(agent.startTimeUnixNano))
    expect(BigInt(endTimeUnixNano)).toBeLessThanOrEqual(BigInt(agent.endTimeUnixNano))
  }
  const told = Object.fromEntries(agent.attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
  expect(told).toMatchObject({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.conversation.id': conversation,
  })
  expect(collector.bodies.join()).not.toMatch(/Niels|Added/)

  await world.close()
  await vendor.close()
  await collector.close()
})

test('without a collector no turn is told to anybody', async () => {
  const stop = await startTracing(
    { OTEL_EXPORTER_OTLP_ENDPOINT: undefined, OTEL_SERVICE_NAME: 'tekup' },
    '1.0.0',
  )
  await expect(stop()).resolves.toBeUndefined()
})
