import { EventSourceParserStream } from 'eventsource-parser/stream'
import { googleFault, type GoogleError } from './googleFault.ts'
import { VendorFault } from './vendorFault.ts'

export interface Ending {
  readonly finishReason: string
}

/** What is read here of a GenerateContentResponse; the rest is LangChain's to read. */
interface Piece {
  readonly candidates?: readonly (Partial<Ending> & { readonly content?: object })[]
  readonly promptFeedback?: { readonly blockReason?: string }
  readonly error?: GoogleError
}

interface CallOptions {
  readonly signal?: AbortSignal
}

/**
 * What LangChain asks of Google's client: `streamGenerateContent` as server-sent events (API reference, "Generating
 * content"). Rejects with a `VendorFault` on a refusal, also on one in the middle of the stream.
 */
export function geminiTransport(address: string, go: typeof fetch) {
  return {
    generateContentStream: async (request: object, { signal }: CallOptions = {}) => {
      const response = await go(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request),
        ...(signal && { signal }),
      })
      if (!response.ok || !response.body) throw await refusalOf(response)
      return { stream: pieces(response.body) }
    },
  }
}

async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<Piece, void> {
  const events = body.pipeThrough(new TextDecoderStream() as never).pipeThrough(new EventSourceParserStream())
  for await (const { data } of events as unknown as AsyncIterable<{ data: string }>) {
    const piece = parse(data)
    if (piece.error) throw googleFault(piece.error.code ?? 500, piece.error)
    if (piece.promptFeedback?.blockReason)
      throw new VendorFault('blocked', { code: piece.promptFeedback.blockReason })
    yield withContent(piece)
  }
}

/** LangChain drops a candidate without content, and with it why the answer ended. */
function withContent(piece: Piece): Piece {
  const [candidate] = piece.candidates ?? []
  if (!candidate || candidate.content) return piece
  return { ...piece, candidates: [{ ...candidate, content: { role: 'model', parts: [] } }] }
}

function parse(data: string): Piece {
  try {
    return JSON.parse(data) as Piece
  } catch {
    throw new VendorFault('malformed')
  }
}

async function refusalOf(response: Response): Promise<VendorFault> {
  const body = (await response.json().catch(() => ({}))) as
    | { error?: GoogleError }
    | [{ error?: GoogleError }]
  const { error = {} } = Array.isArray(body) ? body[0] : body
  return googleFault(response.status, error, response.headers)
}
