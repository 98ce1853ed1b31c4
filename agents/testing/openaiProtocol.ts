import type { Protocol, Request, VendorAnswer } from './vendorServer.ts'

/** OpenAI's chat completions, streamed (API reference: "Chat Completions streaming"). */
export const openaiProtocol: Protocol = {
  name: 'OpenAI',
  environment: (address) => ({
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: `${address}/v1`,
    OPENAI_MODEL: 'gpt-test',
  }),
  frames: ({ words = [], calls = [], hangs, breaksOff }: VendorAnswer) => [
    chunk({ role: 'assistant', content: '' }),
    ...words.map((content) => chunk({ content })),
    ...calls.map(({ id, name, args }, index) =>
      chunk({
        tool_calls: [
          { index, id: id ?? `call_${index}`, type: 'function', function: { name, arguments: textOf(args) } },
        ],
      }),
    ),
    ...(hangs || breaksOff ? [] : [chunk({}, calls.length > 0 ? 'tool_calls' : 'stop')]),
  ],
  ending: 'data: [DONE]\n\n',
  results: ({ messages }: Request) =>
    (messages as { role: string; content: string }[])
      .filter(({ role }) => role === 'tool')
      .map(({ content }) => content),
  toolNames: ({ tools }: Request) =>
    (tools as { function: { name: string } }[]).map((tool) => tool.function.name),
}

const textOf = (args: object | string): string => (typeof args === 'string' ? args : JSON.stringify(args))

const chunk = (delta: object, finish: string | null = null) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-test',
  choices: [{ index: 0, delta, finish_reason: finish }],
})
