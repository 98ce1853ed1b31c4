import { AIMessageChunk } from '@langchain/core/messages'
import { ChatGenerationChunk } from '@langchain/core/outputs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wholeAnswer } from './wholeAnswer.ts'

const pieceOf = (fields: object, generationInfo: Record<string, unknown>) => {
  const message = new AIMessageChunk({ content: '', id: 'answer-1', ...fields } as never)
  return new ChatGenerationChunk({ message, text: message.text, generationInfo })
}

const fields = fc.oneof(
  { weight: 6, arbitrary: fc.record({ content: fc.string(), id: fc.constantFrom('answer-1', undefined) }) },
  fc.record({
    tool_call_chunks: fc.constant([{ type: 'tool_call_chunk', index: 0, id: 'a', name: 'b', args: '{}' }]),
  }),
  fc.record({ content: fc.string(), usage_metadata: fc.constant({ input_tokens: 1, output_tokens: 2, total_tokens: 3 }) }), // prettier-ignore
  fc.record({ content: fc.string(), response_metadata: fc.constant({ cutShort: true }) }),
)
const endings = fc.option(fc.constant({ finish_reason: 'stop' }), { nil: {}, freq: 5 })

/** Of an ending that is said twice LangChain writes both words behind each other; nobody says it twice. */
const ofMessage = ({ message, text }: ChatGenerationChunk) => {
  const { content, tool_call_chunks, usage_metadata, response_metadata, id } = message as AIMessageChunk
  return { content, tool_call_chunks, usage_metadata, response_metadata, id, text }
}

test('the pieces of an answer are together what LangChain makes of them one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fields, endings), { minLength: 1 }), (given) => {
      const pieces = () => given.map(([each, ending]) => pieceOf(each, ending))
      const oneByOne = pieces().reduce((one, other) => one.concat(other))
      expect(ofMessage(wholeAnswer(pieces())!)).toEqual(ofMessage(oneByOne))
    }),
  )
})

test('no pieces are no answer', () => {
  expect(wholeAnswer([])).toBeUndefined()
})
