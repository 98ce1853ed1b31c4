/** The chat's address for the OpenAPI document: it is not an operation, so nothing else describes it. */
export const chatPaths = {
  '/api/v1/chat/messages': {
    post: {
      operationId: 'chatMessages',
      tags: ['chat'],
      summary: 'Say something to the assistant and get its answer',
      description:
        'With `Accept: text/event-stream` the answer comes as events while it is made: `conversation`, `call` (again with ' +
        'the same id when it changes), `text` (`delta`), `replace` (`text` instead of all text so far, when a model broke ' +
        'off and another began anew), and last `reply` or `error`. A message that is sent again with ' +
        'the same `message` id is answered once.',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['text'],
              additionalProperties: false,
              properties: {
                conversation: {
                  type: 'string',
                  format: 'uuid',
                  description: 'Without one, a new conversation is opened.',
                },
                agent: {
                  type: 'string',
                  format: 'uuid',
                  description:
                    'Who answers in a new conversation; the company’s default agent unless another is named.',
                },
                text: { type: 'string', minLength: 1, maxLength: 16000 },
                locale: { type: 'string', enum: ['da', 'en'] },
                message: {
                  type: 'string',
                  format: 'uuid',
                  description: 'Made by the client; the same id is the same message.',
                },
              },
            },
          },
        },
      },
      responses: {
        200: {
          description: 'The answer',
          content: {
            'application/json': { schema: answer() },
            'text/event-stream': { schema: { type: 'string' } },
          },
        },
        default: {
          description: 'A refusal',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  },
}

function answer() {
  const text = { type: 'string' }
  const call = {
    type: 'object',
    required: ['id', 'operation', 'title', 'input', 'status'],
    properties: {
      id: text,
      operation: { type: 'string', examples: ['crm.deals.move'] },
      title: text,
      input: {},
      status: { type: 'string', enum: ['running', 'waiting', 'done', 'failed', 'refused'] },
      output: {},
      summary: text,
      error: { type: 'object', properties: { code: text, message: text } },
    },
  }
  const approval = {
    type: 'object',
    required: ['id', 'operation', 'summary', 'expiresAt'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      operation: text,
      summary: text,
      expiresAt: { type: 'string', format: 'date-time' },
    },
  }
  return {
    type: 'object',
    required: ['conversation', 'reply', 'calls', 'approvals'],
    properties: {
      conversation: { type: 'string', format: 'uuid' },
      reply: {
        type: 'object',
        required: ['id', 'text'],
        properties: { id: { type: 'string', format: 'uuid' }, text },
      },
      calls: { type: 'array', items: call },
      approvals: { type: 'array', items: approval, description: 'What waits for a person.' },
    },
  }
}
