import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { verdict, type AskedCall, type Verdict } from '../operations/approval.ts'
import type { ReadContext } from '../operations/context.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { askedBefore, isAlwaysAllowed, type Allowing } from './grants.ts'

const Policy = z.object({
  /** Whether agents ask before every change, also where no outsider has had a word. */
  writes: z.boolean(),
  /** Operations that agents ask before, one by one. */
  operations: z.array(z.string()),
  version: z.int(),
})
type Policy = z.output<typeof Policy>

const nothingMore: Policy = { writes: false, operations: [], version: 0 }
const present = sql`SELECT writes, operations, version FROM platform.approval_policy WHERE tenant_id = (SELECT app.tenant())`

/** What a company wants to be asked about, beyond what everybody is. Never less: there is no word for that. */
export function policyOperations(registry: () => Registry): AnyOperation[] {
  const policyIn = async (context: Pick<ReadContext, 'query'>): Promise<Policy> =>
    (await context.query<Policy>(present))[0] ?? nothingMore
  const getPolicy = operation({
    name: 'platform.approvalPolicy.get',
    summary: 'Get which changes the company’s agents ask before making',
    effect: 'read',
    input: z.strictObject({}),
    output: Policy,
    run: (_, context) => policyIn(context),
  })
  const updatePolicy = operation({
    name: 'platform.approvalPolicy.update',
    summary: 'Choose which changes the company’s agents ask before making: all of them, or some by name',
    effect: 'write',
    personOnly: true,
    input: z.strictObject({
      writes: z.boolean().optional(),
      operations: z
        .array(
          z
            .string()
            .max(200)
            .meta({ examples: ['platform.conversations.update'] }),
        )
        .max(200)
        .optional(),
      version: z.int().optional(),
    }),
    output: Policy,
    async run({ version, ...given }, context) {
      const current = await policyIn(context)
      if (version !== undefined && version !== current.version) fail('version_conflict')
      const { writes = current.writes, operations = current.operations } = given
      requireWrites(operations, registry())
      await context.query(sql`
        INSERT INTO platform.approval_policy (tenant_id, writes, operations)
        VALUES (${context.tenant.id}, ${writes}, ${[...new Set(operations)]})
        ON CONFLICT (tenant_id) DO UPDATE SET writes = excluded.writes, operations = excluded.operations`)
      return policyIn(context)
    },
  })
  return [getPolicy, updatePolicy]
}

/** Reads are never asked about, and what sends or destroys always is. */
function requireWrites(names: readonly string[], { find }: Registry): void {
  const wrong = names.find((name) => find(name)?.effect !== 'write')
  if (wrong === undefined) return
  const problem = {
    da: `operations: ${wrong} er ikke en ændring, der kan spørges om.`,
    en: `operations: ${wrong} is not a change that can be asked about.`,
  }
  fail('invalid_input', { problem, issues: [{ path: 'operations', message: problem.en }] })
}

/** The table says the least; the company may ask for more, and the person may have said "always" to exactly this. */
export async function decide(parts: Allowing, call: AskedCall): Promise<Verdict> {
  const asked = verdict(call.operation, call.caller)
  const first = asked === 'run' && isAgentsWrite(call) ? await byRules(parts.database, call) : asked
  return first === 'ask' && (await isAlwaysAllowed(parts, call)) ? 'run' : first
}

const isAgentsWrite = ({ operation: asked, caller }: AskedCall): boolean =>
  caller.actor.kind === 'agent' && asked.effect === 'write'

/** What the agent itself is told to ask about costs no look at the database. */
const byRules = async (database: Database, call: AskedCall): Promise<Verdict> =>
  call.caller.rules?.asks(call.operation) ? 'ask' : byPolicy(database, call)

async function byPolicy(database: Database, call: AskedCall): Promise<Verdict> {
  const { name } = call.operation
  const [answer] = await database.read<{ asks: boolean }>(
    call.caller.tenant.id,
    sql`SELECT ${askedBefore(call)} OR EXISTS (SELECT FROM platform.approval_policy
      WHERE tenant_id = (SELECT app.tenant()) AND (writes OR ${name} = ANY(operations))) AS asks`,
  )
  return answer?.asks ? 'ask' : 'run'
}
