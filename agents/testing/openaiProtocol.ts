import { openaiRefuses } from './openaiRules.ts'
import type { Protocol, Request, VendorAnswer, VendorUse } from './vendorServer.ts'

/** OpenAI's chat completions, streamed (API reference: "Chat Completions streaming"). */
export const openaiProtocol: Protocol = {
  name: 'OpenAI',
  environment: (address) => ({
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: `${address}/v1`,
    OPENAI_MODEL: 'gpt-test',
  }),
  frames: ({
    words = [],
    calls = [],
    hangs,
    breaksOff,
    cutShort,
    finish,
    raw,
    unfinished,
    used,
  }: VendorAnswer) => [
    chunk({ role: 'assistant', content: '' }),
    ...words.map((content) => chunk({ content })),
    ...calls.map(({ id, name, args }, index) =>
      chunk({
        tool_calls: [
          { index, id: id ?? `call_${index}`, type: 'function', function: { name, arguments: textOf(args) } },
        ],
      }),
    ),
    ...(raw ? [raw] : []),
    ...(hangs || breaksOff || unfinished
      ? []
      : [chunk({}, cutShort ? 'length' : (finish ?? (calls.length > 0 ? 'tool_calls' : 'stop')))]),
    ...(hangs || breaksOff || !used ? [] : [usageChunk(used)]),
  ],
  ending: 'data: [DONE]\n\n',
  results: ({ messages }: Request) =>
    (messages as { role: string; content: string }[])
      .filter(({ role }) => role === 'tool')
      .map(({ content }) => content),
  toolNames: ({ tools }: Request) =>
    (tools as { function: { name: string } }[]).map((tool) => tool.function.name),
  refuses: openaiRefuses,
}

const textOf = (args: object | string): string => (typeof args === 'string' ? args : JSON.stringify(args))

const chunkOf = (choices: readonly object[]) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-test',
  choices,
})

const chunk = (delta: object, finish: string | null = null) =>
  chunkOf([{ index: 0, delta, finish_reason: finish }])

/** The last piece where `stream_options.include_usage` asks for it: no choice, and what was counted. */
const usageChunk = ({ input, cached, output, reasoning }: VendorUse) => ({
  ...chunkOf([]),
  usage: {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  },
})
