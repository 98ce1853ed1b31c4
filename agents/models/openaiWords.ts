/** An event that holds words of an answer and nothing else. */
export interface PlacedWords {
  /** Tells which neighbours go on with the same words. */
  readonly place: string
  text: string
  /** The event with `text` for its words, as JSON. */
  written(): string
}

interface Chunk {
  readonly choices?: readonly Choice[]
  readonly usage?: unknown
}

interface Choice {
  readonly index?: number
  readonly delta?: Record<string, unknown> | null
  readonly finish_reason?: string | null
  readonly logprobs?: unknown
}

/** `response.output_text.delta` of the Responses API. */
interface TextDelta {
  readonly type?: string
  readonly item_id?: string
  readonly content_index?: number
  delta?: unknown
}

/** The words of one event of OpenAI's streams (API reference, "Streaming"); nothing where it holds, or may hold, more. */
export function placeOfWords(data: string): PlacedWords | undefined {
  const event = parsed(data)
  if (typeof event !== 'object' || event === null) return undefined
  return ofDelta(event as TextDelta) ?? ofChunk(event as Chunk)
}

export const isAlike = (one: PlacedWords, other: PlacedWords): boolean => one.place === other.place

function ofDelta(event: TextDelta): PlacedWords | undefined {
  const { type, delta, item_id: item, content_index: index } = event
  if (type !== 'response.output_text.delta' || typeof delta !== 'string') return undefined
  return placed(`${item} ${index}`, delta, (text) => (event.delta = text), event)
}

function ofChunk(event: Chunk): PlacedWords | undefined {
  const [choice, ...others] = event.choices ?? []
  const { delta, finish_reason: ending, logprobs, index = 0 } = choice ?? {}
  if (!delta || others.length > 0 || index !== 0 || (ending ?? logprobs ?? event.usage ?? null) !== null)
    return undefined
  const { content, role, ...more } = delta
  const isPlain = (role ?? 'assistant') === 'assistant' && Object.values(more).every((each) => each === null)
  if (typeof content !== 'string' || content === '' || !isPlain) return undefined
  return placed('chat', content, (text) => (delta['content'] = text), event)
}

function placed(place: string, text: string, put: (text: string) => void, event: object): PlacedWords {
  return {
    place,
    text,
    written() {
      put(this.text)
      return JSON.stringify(event)
    },
  }
}

/** A stream ends with `[DONE]`, and the error that says that this is no JSON costs as much as the words of a second. */
function parsed(data: string): unknown {
  if (!data.startsWith('{')) return undefined
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
