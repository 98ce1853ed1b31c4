import type { Database, TenantTransaction } from '../database/database.ts'
import { join, prepared, raw, sql, unhurried, type Statement } from '../database/sql.ts'
import type { Mark } from '../database/underMark.ts'
import type { Locale } from '../language.ts'
import type { Origin } from '../operations/context.ts'
import { statementName } from '../resources/statementName.ts'
import { settleTab, type PlannedPurse } from '../usage/meter.ts'
import type { HeldPurse } from '../usage/purse.ts'
import type { SettledPurse, Settlement } from '../usage/tab.ts'
import type { Stop } from './conversations.ts'
import { callsOf, keptCalls, openCalls, settledCalls, type KeptCalls } from './keptCalls.ts'
import { interrupted, stopped } from './sentences.ts'
import { tellStopped } from './stops.ts'
import { storableText } from './storable.ts'
import type { CallRecord } from './turn.ts'

/** A turn whose lease has run out has lost its process: nobody moved the lease on. */
export const leaseSeconds = 20
/** A message that fails every time is not tried for ever, however often it is delivered. */
const mostAttempts = 5

type TurnStatus = 'waiting' | 'running' | 'done' | 'failed' | 'stopped'

/** Where a turn is found. */
export interface TurnPlace {
  readonly tenant: string
  readonly conversation: string
  /** That of its reply, too. */
  readonly id: string
}

/** A turn that is ours to run: later attempts have a higher number, and only the last one can write. */
export interface ClaimedTurn extends TurnPlace {
  readonly attempt: number
  readonly message: string
  readonly surface: Origin['surface']
  /** Who answers in this conversation, where somebody was chosen. */
  readonly agent: string | null
  readonly text: string
  readonly locale: Locale
  readonly untrusted: boolean
  readonly isShared: boolean
  /** What earlier attempts called. */
  readonly calls: readonly CallRecord[]
  /** How far what the company has set up had come when it was taken; of a turn that is gone on with nobody knows. */
  readonly mark?: Mark
  /** Once its message is on the disk; of a turn that is gone on with it is. */
  readonly kept?: Promise<void>
  /** Its message opened the conversation. */
  readonly isFirst?: boolean
  /** What was planned for its models, and what was held back of that. */
  readonly purse?: { readonly planned: PlannedPurse; readonly held: HeldPurse | null }
}

/** A turn as it stands, when it is not ours. */
export interface TurnState {
  readonly status: TurnStatus
  readonly code: string | null
  readonly conversation: string
  readonly reply: string
  readonly text: string
  readonly calls: readonly CallRecord[]
  /** Nobody runs it, and nothing before it in its conversation is still unanswered. */
  readonly claimable: boolean
  /** Its process is gone, and it has been tried too often or is not wanted any more. */
  readonly hopeless: boolean
}

export type TurnStore = ReturnType<typeof createTurnStore>

/**
 * The rows of turns and replies. They are written here and not by operations: an operation is offered to every
 * surface, and nobody may put words in the agent's mouth. What an agent *does* still goes through `invoke`.
 */
export function createTurnStore(database: Database) {
  return {
    state: (turn: TurnPlace) => readState(database, turn),
    claim: (turn: TurnPlace) => claim(database, turn),
    /** Says that somebody still waits for a turn whose time has not come. */
    keepWaiting: (turn: TurnPlace) =>
      database.write(
        turn.tenant,
        sql`
      UPDATE platform.turns t SET lease_until = now() + make_interval(secs => ${leaseSeconds})
      WHERE ${at(turn)} AND t.status = 'waiting'`,
      ),
    /** Says of a turn whose process is gone that it was broken off. */
    abandon: ({ tenant, conversation, id }: TurnPlace) =>
      database.write(
        tenant,
        sql`SELECT platform.end_abandoned_turn(${conversation}::uuid, ${id}::uuid, ${saidOfAbandoned}::jsonb)`,
      ),
    /** Moves the lease on; answers whether the turn is still ours, and whether its person has said stop. */
    keep: async (turn: ClaimedTurn): Promise<'kept' | 'stopped' | 'lost'> => {
      const [row] = await database.write<{ stop_asked: boolean }>(turn.tenant, keepStatement(turn))
      return row ? (row.stop_asked ? 'stopped' : 'kept') : 'lost'
    },
    stop: async ({ tenant, person, conversation, message }: Stop): Promise<void> => {
      const [of, said] = [message ?? null, JSON.stringify(stopped)]
      await database.write(
        tenant,
        sql`SELECT platform.stop_turns(${conversation}::uuid, ${person}::uuid, ${of}::uuid, ${said}::jsonb),
          ${tellStopped({ tenant, conversation })}`,
      )
    },
    /** Keeps what has been called so far; false when the turn is no longer ours. */
    saveCalls: async (turn: ClaimedTurn, calls: readonly CallRecord[]) =>
      owned(await update(database, turn, prepared('tekup_save_calls', callsStatement(turn, calls)))),
    raiseUntrusted: (turn: ClaimedTurn) => update(database, turn, untrustedStatement(turn)),
    /** Ends the turn; false when it is no longer ours. */
    finish: async (turn: ClaimedTurn, ending: Ending) => {
      const [row] = await update(database, turn, planned(finishStatement(turn, ending)))
      return (row as Finished).isOurs
    },
    /** Makes these changes and settles what the turn used, at once, after its end; the commit does not wait for the disk. */
    keepLeft: async (
      { tenant }: ClaimedTurn,
      changes: readonly Statement[],
      settlement: Settlement | undefined,
    ) => {
      if (changes.length === 0 && !settlement) return
      const statement = planned(leftStatement(changes, settlement))
      const [row] = await database.writeAside<Left>(tenant, statement)
      settlement?.tell(row!.settled)
    },
  }
}

export interface Ending {
  readonly status: 'done' | 'failed' | 'stopped'
  readonly code?: string
  readonly text: string
  readonly calls: readonly CallRecord[]
  readonly at: Date
}

interface Finished {
  readonly isOurs: boolean
}

interface Left {
  readonly settled: SettledPurse | null
}

const planned = (statement: Statement): Statement => prepared(statementName(statement.text), statement)

const owned = (rows: readonly object[]): boolean => rows.length > 0

const update = (database: Database, { tenant }: ClaimedTurn, statement: Statement) =>
  database.write(tenant, statement)

const claimable = sql`(t.attempt < ${mostAttempts} AND NOT t.stop_asked AND NOT platform.turn_is_blocked(t.conversation_id, t.id)
  AND (t.status IN ('waiting', 'failed', 'stopped') OR t.status = 'running' AND t.lease_until < now()))`

const at = ({ tenant, conversation, id }: TurnPlace): Statement =>
  sql`t.tenant_id = ${tenant} AND t.conversation_id = ${conversation} AND t.id = ${id}`

async function readState(database: Database, turn: TurnPlace): Promise<TurnState | undefined> {
  const [row] = await database.read<TurnState & KeptCalls>(
    turn.tenant,
    sql`
    SELECT coalesce(t.status, r.status) AS status, t.code, r.conversation_id AS conversation, r.id AS reply, r.text,
      ${keptCalls(raw('r'))}, coalesce(${claimable}, false) AS claimable,
      coalesce((t.attempt >= ${mostAttempts} OR t.stop_asked) AND t.status = 'running' AND t.lease_until < now(), false) AS hopeless
    FROM platform.messages r LEFT JOIN platform.turns t ON ${at(turn)}
    WHERE r.tenant_id = ${turn.tenant} AND r.conversation_id = ${turn.conversation} AND r.id = ${turn.id}`,
  )
  return row && { ...row, calls: callsOf(row) }
}

/** Takes the turn, if nobody has it; one of many who try at once gets it, because they meet on the conversation. */
async function claim(database: Database, turn: TurnPlace): Promise<ClaimedTurn | undefined> {
  const { tenant, conversation, id } = turn
  return database.transaction(tenant, 'READ WRITE', async (transaction) => {
    const { query } = transaction
    await query(
      sql`SELECT 1 FROM platform.conversations c WHERE c.tenant_id = ${tenant} AND c.id = ${conversation} FOR UPDATE`,
    )
    await query(
      sql`SELECT platform.end_abandoned_before(${conversation}::uuid, ${id}::uuid, ${saidOfAbandoned}::jsonb)`,
    )
    const taken = await query<{ attempt: number }>(sql`
      UPDATE platform.turns t SET status = 'running', attempt = attempt + 1, code = NULL,
        lease_until = now() + make_interval(secs => ${leaseSeconds})
      WHERE ${at(turn)} AND ${claimable} RETURNING attempt`)
    return taken.length === 0 ? undefined : readClaimed(transaction, turn)
  })
}

async function readClaimed({ query }: TenantTransaction, turn: TurnPlace): Promise<ClaimedTurn | undefined> {
  const [row] = await query<ClaimedTurn & KeptCalls>(sql`
    WITH reopened AS (
      UPDATE platform.messages r SET status = 'running', text = '' FROM platform.turns t
      WHERE ${at(turn)} AND r.tenant_id = t.tenant_id AND r.id = t.id
      RETURNING r.id, r.calls, r.packed_calls AS packed)
    SELECT t.tenant_id AS tenant, t.id, t.attempt, t.conversation_id AS conversation, t.message_id AS message,
      t.surface, c.agent_id AS agent, m.text, m.locale, c.untrusted, c.shared AS "isShared", r.calls, r.packed
    FROM platform.turns t
      JOIN platform.messages m ON m.tenant_id = t.tenant_id AND m.id = t.message_id
      JOIN platform.conversations c ON c.tenant_id = t.tenant_id AND c.id = t.conversation_id
      JOIN reopened r ON r.id = t.id
    WHERE ${at(turn)}`)
  return row && { ...row, calls: callsOf(row) }
}

/** The reply of a turn that was left, in each language. */
export const saidOfAbandoned = JSON.stringify(interrupted)

const ours = (turn: ClaimedTurn) => sql`${at(turn)} AND t.attempt = ${turn.attempt} AND t.status = 'running'`

/** A lease that a crash shortens is one of a turn that the crash has broken off, so its commit need not wait for the disk. */
const keepStatement = (turn: ClaimedTurn): Statement =>
  prepared(
    'tekup_keep_turn',
    sql`UPDATE platform.turns t SET lease_until = now() + make_interval(secs => ${leaseSeconds})
      FROM ${unhurried} WHERE ${ours(turn)} RETURNING t.stop_asked`,
  )

const callsStatement = (turn: ClaimedTurn, calls: readonly CallRecord[]) => sql`
  UPDATE platform.messages r SET ${openCalls(calls)}
  FROM platform.turns t WHERE ${ours(turn)} AND r.tenant_id = t.tenant_id AND r.id = t.id RETURNING 1`

const untrustedStatement = ({ tenant, conversation }: ClaimedTurn) => sql`
  UPDATE platform.conversations SET untrusted = true
  WHERE tenant_id = ${tenant} AND id = ${conversation} AND NOT untrusted`

/**
 * Of a turn that was answered its reply is what is left; the commit of that need not wait for the disk, since a turn whose end a
 * crash undoes is gone on with. Any other may be gone on with later, when somebody says so.
 */
const endStatement = (turn: ClaimedTurn, status: Ending['status'], code: string | undefined): Statement =>
  status === 'done'
    ? sql`DELETE FROM platform.turns t USING ${unhurried} WHERE ${ours(turn)}`
    : sql`UPDATE platform.turns t SET status = ${status}, code = ${code ?? null} WHERE ${ours(turn)}`

const finishStatement = (turn: ClaimedTurn, { status, code, text, calls, at }: Ending) => sql`
  WITH ended AS (${endStatement(turn, status, code)} RETURNING 1),
  replied AS (
    UPDATE platform.messages r SET status = ${status}, text = ${storableText(text)}, at = ${at}, ${settledCalls(calls)}
    WHERE r.tenant_id = ${turn.tenant} AND r.id = ${turn.id} AND EXISTS (SELECT FROM ended) RETURNING 1)
  SELECT EXISTS (SELECT FROM replied) AS "isOurs"`

function leftStatement(changes: readonly Statement[], settlement: Settlement | undefined): Statement {
  const made = changes.map((each, place) => sql`${raw(`change${place}`)} AS (${each})`)
  const settled = sql`SELECT ${settlement ? settleTab(settlement) : raw('NULL')} AS settled FROM ${unhurried}`
  return made.length === 0 ? settled : sql`WITH ${join(made, ', ')} ${settled}`
}
