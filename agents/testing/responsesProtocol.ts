import { openaiProtocol } from './openaiProtocol.ts'
import type { Protocol, Request, VendorAnswer, VendorCall } from './vendorServer.ts'

/** OpenAI's Responses API, streamed (API reference: "Responses streaming events"), which some of its models speak alone. */
export const responsesProtocol: Protocol = {
  ...openaiProtocol,
  frames: ({ words = [], calls = [], hangs, breaksOff, cutShort, unfinished, raw }: VendorAnswer) => [
    { type: 'response.created', response: whole('in_progress') },
    ...words.map((delta) => ({ type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta })), // prettier-ignore
    ...calls.flatMap(callEvents),
    ...(raw ? [raw] : []),
    ...(hangs || breaksOff || unfinished
      ? []
      : [cutShort ? { type: 'response.incomplete', response: whole('incomplete') } : { type: 'response.completed', response: whole('completed') }]), // prettier-ignore
  ],
  ending: '',
  results: ({ input }: Request) =>
    (input as { type?: string; output?: string }[]).flatMap(({ type, output = '' }) =>
      type === 'function_call_output' ? [output] : [],
    ),
  toolNames: ({ tools }: Request) => (tools as { name: string }[]).map(({ name }) => name),
  refuses: () => undefined,
}

function callEvents({ id, name, args }: VendorCall, index: number): object[] {
  const item = { type: 'function_call', id: `fc_${index}`, call_id: id ?? `call_${index}`, name }
  return [
    { type: 'response.output_item.added', output_index: index, item: { ...item, arguments: '' } },
    { type: 'response.function_call_arguments.delta', item_id: item.id, output_index: index, delta: JSON.stringify(args) }, // prettier-ignore
  ]
}

const whole = (status: string) => ({
  id: 'resp_test',
  object: 'response',
  created_at: 1,
  model: 'gpt-test-codex',
  status,
  output: [],
  usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
})
