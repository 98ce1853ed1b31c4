/** What Slack answers instead: `ok: false` with a code, and what else belongs to it. */
export class SlackRefusal extends Error {
  readonly code: string
  readonly details: object

  constructor(code: string, details: object = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

export function refuse(code: string, details?: object): never {
  throw new SlackRefusal(code, details)
}

/** A refusal that says which argument was wrong, in Slack's words: `[ERROR] … [json-pointer:/view]`. */
export function refuseArguments(messages: readonly string[], code = 'invalid_arguments'): never {
  refuse(code, { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } })
}
