import { readConfig } from '../config.ts'
import { createCore } from '../core.ts'
import { openDatabase } from '../database/database.ts'
import { createLogger } from '../observability/log.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import type { AgentTurn } from './agentPort.ts'
import { createConversations } from './conversations.ts'
import type { Inbound } from './turn.ts'

/**
 * A process of its own that answers one message and is ended from outside in the middle of it:
 * adds the book that the message names, says that it is there, waits to be told on, and adds a second one.
 */
const { url, secret, message } = JSON.parse(process.argv[2]!) as {
  url: string
  secret: string
  message: Inbound
}

async function* run({ call, text }: AgentTurn) {
  await call('shelf.books.create', { title: `${text} I` }, 'call_1')
  yield { type: 'text', delta: 'half ' } as const
  process.stdout.write('half\n')
  await new Promise((resolve) => process.stdin.once('data', resolve))
  await call('shelf.books.create', { title: `${text} II` }, 'call_2')
  yield { type: 'text', delta: 'whole' } as const
}

const core = createCore({
  config: readConfig({ LOG_LEVEL: 'silent' }),
  database: openDatabase({ url }),
  secret: Buffer.from(secret, 'base64'),
  plugins: [shelf],
  log: createLogger({ level: 'silent', format: 'json' }),
})
const permissions = new Set(core.registry.operations.map(({ permission }) => permission))
const caller = { ...message.caller, permissions, domains: new Set(core.registry.domains) }
const conversations = createConversations({ core, agent: { run }, accessOf: async () => caller })
for await (const event of conversations.handle({ ...message, caller })) {
  if (event.type === 'reply' || event.type === 'error') process.stdout.write(`${event.type}\n`)
}
await core.close()
