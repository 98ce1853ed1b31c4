import {
  createConversations,
  createCore,
  createLogger,
  createServer,
  fail,
  openDatabase,
  readConfig,
} from '#core'
import type { AgentTurn, Authenticated } from '#core'
import { shelf } from '#core/testing'
import { slackDomain } from '../plugin.ts'
import { registerSlack } from '../register.ts'

/**
 * A process of its own with the whole channel. Its agent makes a book, says half an answer, and waits for the end of the
 * process, which comes from outside.
 */
const { url, secret, environment } = JSON.parse(process.argv[2]!) as {
  readonly url: string
  readonly secret: string
  readonly environment: Record<string, string>
}

async function* run({ call }: AgentTurn) {
  await call('shelf.books.create', { title: 'Løvens gab' }, 'call_1')
  yield { type: 'text', delta: 'Half of ' } as const
  process.stdout.write('half\n')
  await new Promise(() => undefined)
}

const config = readConfig({ LOG_LEVEL: 'silent', EGRESS_ONLY: 'false', ...environment })
const core = createCore({
  config,
  database: openDatabase({ url }),
  secret: Buffer.from(secret, 'base64'),
  plugins: [slackDomain(config), shelf],
  log: createLogger({ level: 'silent', format: 'json' }),
  accessOf: async (tenant, id): Promise<Authenticated> => ({
    tenant: { id: tenant, name: 'Nordlys' },
    actor: { kind: 'person', id, name: 'Anna' },
    locale: 'en',
    permissions: new Set(core.registry.operations.map(({ permission }) => permission)),
    domains: new Set(core.registry.domains),
  }),
})
const authenticate = async (): Promise<never> => fail('unauthenticated')
const app = await createServer({ core, authenticate, readiness: { reasons: async () => [] } })
await registerSlack(app, { core, conversations: createConversations({ core, agent: { run } }), authenticate })
await app.ready()
process.stdout.write('ready\n')
