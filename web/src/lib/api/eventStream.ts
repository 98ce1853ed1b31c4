type ServerEvent = { event: string; data: string }

/**
 * Reads server-sent events from a response body as they arrive.
 * Format: https://html.spec.whatwg.org/multipage/server-sent-events.html (fields `event` and `data`; ids are not used).
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const parser = createEventParser()
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      yield* parser.push(decoder.decode(chunk.value, { stream: true }))
    }
  } finally {
    reader.releaseLock()
  }
}

/** Turns text, cut anywhere, into whole events. An event that the stream leaves unfinished is dropped, as the standard asks. */
export function createEventParser() {
  let rest = ''
  let event = ''
  let data: string[] = []

  function push(text: string): ServerEvent[] {
    rest += text
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    return lines.flatMap(takeLine)
  }

  function takeLine(line: string): ServerEvent[] {
    if (line === '') return finish()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') event = value
    if (field === 'data') data.push(value)
    return []
  }

  function finish(): ServerEvent[] {
    const done = data.length > 0 ? [{ event: event || 'message', data: data.join('\n') }] : []
    event = ''
    data = []
    return done
  }

  return { push }
}
