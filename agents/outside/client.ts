import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Egress } from '#core'
import { most, type ServerAccess } from './access.ts'

/** A server while it is spoken to. */
export interface OpenServer {
  /** Everything that it lists, over at most `most.pages` pages. */
  listTools(): Promise<readonly unknown[]>
  callTool(name: string, input: object): Promise<unknown>
}

/** Its schemas are not obeyed here: a pattern of a stranger's could keep this process busy for ever. */
const anyShape = {
  getValidator: () => (data: unknown) => ({ valid: true, data, errorMessage: undefined }) as never,
}

/**
 * Speaks MCP (streamable HTTP, the newest revision or the one before) with one server, in one go, through our own door.
 * The client offers nothing: no sampling, no questions to people, no roots, and it opens no standing stream.
 */
export async function speakWith<Result>(
  access: ServerAccess,
  { egress, signal }: { readonly egress: Pick<Egress, 'fetchTo'>; readonly signal: AbortSignal },
  work: (server: OpenServer) => Promise<Result>,
): Promise<Result> {
  const client = new Client(
    { name: 'tekup', version: '1' },
    { capabilities: {}, versionNegotiation: { mode: 'auto' }, inputRequired: { autoFulfill: false }, jsonSchemaValidator: anyShape, listMaxPages: most.pages },
  ) // prettier-ignore
  const cut = new AbortController()
  const limit = AbortSignal.any([signal, cut.signal, AbortSignal.timeout(most.milliseconds)])
  const transport = new StreamableHTTPClientTransport(new URL(access.url), {
    fetch: throughOurDoor(access, egress, { signal: limit, onCut: (reason) => cut.abort(reason) }),
    reconnectionOptions: { maxRetries: 0, initialReconnectionDelay: 1, maxReconnectionDelay: 1, reconnectionDelayGrowFactor: 1 },
  }) // prettier-ignore
  const options = { signal: limit, timeout: most.milliseconds }
  try {
    await client.connect(transport, options)
    return await work({
      listTools: async () => (await client.listTools(undefined, options)).tools,
      callTool: (name, input) => client.callTool({ name, arguments: { ...input } }, options),
    })
  } catch (error) {
    throw cut.signal.aborted ? cut.signal.reason : error
  } finally {
    await client.close().catch(() => undefined)
  }
}

interface Line {
  readonly signal: AbortSignal
  /** An answer broke off in the middle: the client would wait for the rest of it. */
  readonly onCut: (reason: unknown) => void
}

/** The key is written into a request as it goes out, so that no client, error or trace ever holds it. */
function throughOurDoor(
  { url, header, key }: ServerAccess,
  egress: Pick<Egress, 'fetchTo'>,
  { signal, onCut }: Line,
): typeof fetch {
  const go = egress.fetchTo({
    hosts: [new URL(url).hostname],
    mostBytes: most.bytes,
    within: most.milliseconds,
  })
  return async (input, init) => {
    if (init?.method === 'GET') return new Response(null, { status: 405 })
    const headers = new Headers(init?.headers)
    if (key !== undefined) headers.set(header, isBearer(header, key) ? `Bearer ${key}` : key)
    const within = init?.signal ? AbortSignal.any([init.signal, signal]) : signal
    const response = await go(input, { ...init, headers, signal: within })
    if (!response.body) return response
    return new Response(ReadableStream.from(watched(response.body, onCut)), response)
  }
}

async function* watched(body: ReadableStream<Uint8Array>, onCut: Line['onCut']) {
  try {
    yield* body
  } catch (error) {
    onCut(error)
    throw error
  }
}

/** A bare token in the usual header is a bearer token; `Basic …` and other headers are sent as they were written. */
const isBearer = (header: string, key: string): boolean =>
  header.toLowerCase() === 'authorization' && !key.includes(' ')
