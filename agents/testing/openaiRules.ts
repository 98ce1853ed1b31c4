import type { Request, VendorRefusal } from './vendorServer.ts'

/** What OpenAI's chat completions refuse of a request, in its own words (read from its answers). */
export function openaiRefuses({ messages = [], tools = [] }: Request): VendorRefusal | undefined {
  return tooManyTools(tools) ?? firstOf(tools, toolFault) ?? orderFault(messages)
}

interface Tool {
  readonly function: {
    readonly name: string
    readonly description?: string
    readonly parameters?: { readonly type?: unknown }
  }
}

interface Message {
  readonly role: string
  readonly tool_calls?: readonly { readonly id: string }[]
  readonly tool_call_id?: string
}

export const openaiRefusal = (status: number, message: string, more: object = {}): VendorRefusal => ({
  status,
  body: JSON.stringify({
    error: { message, type: 'invalid_request_error', param: null, code: null, ...more },
  }),
})

function tooManyTools(tools: readonly Tool[]): VendorRefusal | undefined {
  if (tools.length <= 128) return undefined
  const message = `Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length ${tools.length} instead.`
  return openaiRefusal(400, message, { param: 'tools', code: 'array_above_max_length' })
}

function toolFault(
  { function: { name, description = '', parameters } }: Tool,
  index: number,
): VendorRefusal | undefined {
  const at = `tools[${index}].function`
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name))
    return openaiRefusal(400, `Invalid '${at}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`, { param: `${at}.name`, code: 'invalid_value' }) // prettier-ignore
  if (description.length > 1_024)
    return openaiRefusal(400, `Invalid '${at}.description': string too long. Expected a string with maximum length 1024, but got a string with length ${description.length} instead.`, { param: `${at}.description`, code: 'string_above_max_length' }) // prettier-ignore
  if (parameters !== undefined && parameters.type !== 'object')
    return openaiRefusal(400, `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"', got 'type: "${String(parameters.type)}"'.`, { param: `${at}.parameters`, code: 'invalid_function_parameters' }) // prettier-ignore
  return undefined
}

/** Every call is answered, right after it was asked for; no result comes out of the blue. */
function orderFault(messages: readonly Message[]): VendorRefusal | undefined {
  let open = new Set<string>()
  for (const { role, tool_calls = [], tool_call_id = '' } of messages) {
    if (role === 'tool') {
      if (!open.delete(tool_call_id))
        return openaiRefusal(400, "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", { param: 'messages.[0].role' }) // prettier-ignore
      continue
    }
    if (open.size > 0) return unanswered(open)
    open = new Set(tool_calls.map(({ id }) => id))
  }
  return open.size > 0 ? unanswered(open) : undefined
}

const unanswered = (open: ReadonlySet<string>): VendorRefusal =>
  openaiRefusal(400, `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(', ')}`, { param: 'messages' }) // prettier-ignore

function firstOf<Item>(
  items: readonly Item[],
  check: (item: Item, index: number) => VendorRefusal | undefined,
) {
  return items.map(check).find((refusal) => refusal !== undefined)
}
