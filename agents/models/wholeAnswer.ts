import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk } from '@langchain/core/outputs'

/**
 * The answer that these pieces are together. LangChain puts two pieces together at many times the cost of a word, so
 * words that follow each other are joined before.
 */
export function wholeAnswer(pieces: readonly ChatGenerationChunk[]): ChatGenerationChunk | undefined {
  let whole: ChatGenerationChunk | undefined
  for (let begin = 0, end = 0; begin < pieces.length; begin = end) {
    do end += 1
    while (end < pieces.length && goesOn(pieces[begin]!, pieces[end]!))
    const run = joined(pieces.slice(begin, end))
    whole = whole?.concat(run) ?? run
  }
  return whole
}

/** Whether a piece is words, and differs from the one before in nothing else. */
const goesOn = (first: ChatGenerationChunk, piece: ChatGenerationChunk): boolean =>
  isWords(first.message) &&
  isWords(piece.message) &&
  first.message.id === piece.message.id &&
  isAlike(first.generationInfo, piece.generationInfo) &&
  isAlike(first.message.response_metadata, piece.message.response_metadata) &&
  isAlike(first.message.additional_kwargs, piece.message.additional_kwargs)

const isWords = (message: BaseMessage): boolean =>
  AIMessageChunk.isInstance(message) &&
  typeof message.content === 'string' &&
  !message.tool_call_chunks?.length &&
  message.usage_metadata === undefined

function isAlike(one: object = {}, other: object = {}): boolean {
  const [mine, theirs] = [Object.entries(one), Object.entries(other)]
  return mine.length === theirs.length && theirs.every(([key, value]) => one[key as keyof object] === value)
}

function joined(run: readonly ChatGenerationChunk[]): ChatGenerationChunk {
  const [first] = run as [ChatGenerationChunk]
  if (run.length === 1) return first
  const content = run.map(({ message }) => message.content as string).join('')
  const { id, additional_kwargs, response_metadata } = first.message
  const message = new AIMessageChunk({
    content,
    additional_kwargs,
    response_metadata: response_metadata as never,
    ...(id !== undefined && { id }),
  })
  return new ChatGenerationChunk({
    message,
    text: content,
    ...(first.generationInfo && { generationInfo: first.generationInfo }),
  })
}
