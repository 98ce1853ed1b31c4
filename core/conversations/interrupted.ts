import type { Core } from '../core.ts'
import { sql } from '../database/sql.ts'
import type { AccessOf } from '../identity/presentAccess.ts'
import type { AgentPort } from './agentPort.ts'
import { runTurn } from './runTurn.ts'
import type { Stops } from './stops.ts'
import type { TurnStore } from './turnStore.ts'

export interface Recovery {
  readonly signal?: AbortSignal
}

interface InterruptedTurn {
  readonly tenant_id: string
  readonly person_id: string
  readonly conversation_id: string
  readonly turn_id: string
  readonly started_at: Date
}

interface RecoveryParts {
  readonly core: Core
  readonly store: TurnStore
  readonly agent: AgentPort
  readonly accessOf: AccessOf
  readonly stops: Stops
}

/** After this long nobody expects the answer any more, and a late change would surprise. */
const expectedForMs = 10 * 60_000
const mostAtOnce = 100

/** Turns whose process is gone: a fresh one is gone on with from what it had done; an old one is ended honestly. */
export async function finishInterrupted(parts: RecoveryParts, recovery: Recovery): Promise<void> {
  const turns = await parts.core.database.platform(({ query }) =>
    query<InterruptedTurn>(sql`SELECT * FROM platform.interrupted_turns(${mostAtOnce})`),
  )
  for (const turn of turns) {
    if (recovery.signal?.aborted) return
    await finish(parts, recovery, turn).catch((error: unknown) => {
      parts.core.log.error({ err: error, turn: turn.turn_id }, 'an interrupted turn could not be finished')
    })
  }
}

async function finish(parts: RecoveryParts, recovery: Recovery, found: InterruptedTurn): Promise<void> {
  const { core, store } = parts
  const { tenant_id: tenant, conversation_id: conversation, turn_id: id } = found
  const place = { tenant, conversation, id }
  const isFresh = core.clock.now().getTime() - found.started_at.getTime() < expectedForMs
  // Somebody who has left the company gets no more done in it.
  const who = isFresh ? await parts.accessOf(tenant, found.person_id).catch(() => undefined) : undefined
  const turn = who && (await store.claim(place))
  if (!who || !turn) return void (await store.abandon(place))
  const signal = recovery.signal ?? new AbortController().signal
  const requestId = `resumed-${id}`
  for await (const event of runTurn(parts, { turn, who, requestId, signal })) {
    if (event.type === 'error') core.log.warn({ turn: id, code: event.fault.code }, 'a resumed turn failed')
  }
}
