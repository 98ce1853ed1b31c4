import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventParser, readEvents } from './eventStream.ts'

const stream =
  'event: text\ndata: {"delta":"Hej Søren 👋"}\n\n: keep-alive\n\ndata: one\ndata: two\r\n\r\nevent: reply\ndata:{}\n\n'
const events = [
  { event: 'text', data: '{"delta":"Hej Søren 👋"}' },
  { event: 'message', data: 'one\ntwo' },
  { event: 'reply', data: '{}' },
]

describe('the reader of server-sent events', () => {
  it('finds the same events wherever the bytes are cut', async () => {
    const bytes = new TextEncoder().encode(stream)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end))
        expect(await Array.fromAsync(readEvents(streamOf(chunks)))).toEqual(events)
      }),
    )
  })

  it('drops an event that the stream leaves unfinished', () => {
    expect(createEventParser().push('event: text\ndata: {"delta":"ha')).toEqual([])
  })
})

function streamOf(chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}
