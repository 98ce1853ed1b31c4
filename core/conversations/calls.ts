import { randomUUID } from 'node:crypto'
import type { Core } from '../core.ts'
import { Fault, fault } from '../errors.ts'
import { formatMessage } from '../language.ts'
import type { ApprovalNotice } from '../operations/approval.ts'
import type { Caller } from '../operations/caller.ts'
import { isOn } from '../operations/domain.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { compactOutput } from './output.ts'
import { sayYesHere } from './sentences.ts'
import type { PastMessage } from './agentPort.ts'
import { rulesAfter } from './replaced.ts'
import type { CallRecord } from './turn.ts'
import type { ClaimedTurn, TurnStore } from './turnStore.ts'

/** What the person may do at this moment, with what the company has switched on. */
export type Present = Pick<Caller, 'permissions' | 'domains'>

interface CallParts {
  readonly core: Pick<Core, 'invoke' | 'registry' | 'log'>
  readonly store: TurnStore
  readonly turn: ClaimedTurn
  /** The agent as it acts for the person. */
  readonly caller: Caller
  readonly now: () => Promise<Present>
  readonly offered: readonly AnyOperation[]
  readonly signal: AbortSignal
  /** What was said and called before. */
  readonly history: Promise<readonly PastMessage[]>
  /** Told of every call when it begins and when it is settled. */
  readonly onCall: (call: CallRecord) => void
}

/** The calls of one turn: made one at a time, kept as they go, so that none is ever made twice. */
export class TurnCalls {
  readonly #parts: CallParts
  readonly #records: CallRecord[]
  #untrusted: boolean
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: CallParts) {
    this.#parts = parts
    this.#records = [...parts.turn.calls]
    this.#untrusted = parts.turn.untrusted
  }

  get records(): readonly CallRecord[] {
    return this.#records
  }

  /** Settles calls that an earlier attempt had begun: the same key gives what was stored, or makes the call now. */
  async settleBegun(): Promise<void> {
    for (const record of this.#records.filter(({ status }) => status === 'running')) {
      await this.#inTurn(() => this.#settle(record))
    }
  }

  call(name: string, input: unknown, id: string): Promise<CallRecord> {
    return this.#inTurn(() => this.#begin(name, input, id))
  }

  /** Waits for the call that is under way, whatever becomes of it. */
  async quiet(): Promise<void> {
    await this.#last.catch(() => undefined)
  }

  #inTurn(work: () => Promise<CallRecord>): Promise<CallRecord> {
    const mine = this.#last
      .catch(() => undefined)
      .then(() => {
        this.#parts.signal.throwIfAborted()
        return work()
      })
    this.#last = mine
    return mine
  }

  async #begin(name: string, input: unknown, id: string): Promise<CallRecord> {
    const { core, offered, caller, onCall, store, turn } = this.#parts
    await turn.kept
    const operation = offered.find((each) => each.name === name)
    const title = operation ? core.registry.words(operation, caller.locale).title : name
    const record: CallRecord = {
      id: this.#freshId(id),
      operation: name,
      title,
      input: bounded(input),
      status: 'running',
    }
    this.#put(record)
    onCall(record)
    // What changes something is kept before it is made: should the process end now, the next one knows of it.
    if (operation && operation.effect !== 'read' && !(await store.saveCalls(turn, this.#records)))
      throw fault('unavailable')
    return this.#settle(record)
  }

  async #settle(record: CallRecord): Promise<CallRecord> {
    const { onCall, store, turn } = this.#parts
    const settled = { ...record, ...(await this.#outcome(record)) }
    this.#put(settled)
    onCall(settled)
    const operation = this.#operationOf(record)
    if (operation && operation.effect !== 'read') await store.saveCalls(turn, this.#records)
    return settled
  }

  async #outcome(record: CallRecord): Promise<Partial<CallRecord>> {
    const { core, caller, turn, now, history } = this.#parts
    const operation = this.#operationOf(record)
    try {
      if (!operation) throw fault('not_found')
      if (record.input === tooLarge) throw fault('too_large', { limit: '64 KB' })
      const present = await now()
      if (!isOn(operation, present)) throw fault('switched_off')
      const rules = rulesAfter(await history, record, caller.rules)
      const { value } = await core.invoke(operation, record.input, {
        ...caller,
        ...present,
        ...(rules && { rules }),
        untrusted: this.#untrusted,
        idempotencyKey: `${turn.id}:${record.id}`,
      })
      if (operation.untrusted) await this.#raiseUntrusted()
      const { done } = core.registry.words(operation, caller.locale)
      const summary = formatMessage(done, caller.locale, toldOf(record.input, value))
      return { status: 'done', output: compactOutput(value), summary }
    } catch (error) {
      return this.#refusal(error)
    }
  }

  /** The label stands before the agent reads a word of what came back. */
  async #raiseUntrusted(): Promise<void> {
    if (this.#untrusted) return
    await this.#parts.store.raiseUntrusted(this.#parts.turn)
    this.#untrusted = true
  }

  #refusal(error: unknown): Partial<CallRecord> {
    if (!(error instanceof Fault)) this.#parts.core.log.error({ err: error }, 'a call of an agent failed')
    const refused = error instanceof Fault ? error : fault('internal', undefined, { cause: error })
    const { locale } = this.#parts.caller
    const sentence = refused.sentence(locale)
    const { code } = refused
    const approval = refused.details['approval'] as ApprovalNotice | undefined
    if (code === 'approval_required' && approval) {
      const error = { code, message: sayYesHere[locale] }
      return { status: 'waiting', summary: approval.summary, approval, error }
    }
    const status = refused.status >= 500 ? 'failed' : 'refused'
    return { status, summary: sentence, error: { code, message: sentence } }
  }

  #operationOf({ operation: name }: CallRecord): AnyOperation | undefined {
    return this.#parts.offered.find((operation) => operation.name === name)
  }

  #put(record: CallRecord): void {
    const index = this.#records.findIndex(({ id }) => id === record.id)
    if (index < 0) this.#records.push(record)
    else this.#records[index] = record
  }

  /** Some models number their calls anew at every step; here an id is one call. */
  #freshId(id: string): string {
    const usable = id.length > 0 && id.length <= 100 && !this.#records.some((record) => record.id === id)
    return usable ? id : randomUUID()
  }
}

/** Characters of JSON that a model may send as the input of one call. */
const largestInput = 64 * 1024
const tooLarge = { omitted: 'The input was too large to keep.' }

const bounded = (input: unknown): unknown =>
  JSON.stringify(input ?? {}).length > largestInput ? tooLarge : (input ?? {})

/** What the sentence of what was done may tell: the input, the output, and of a list how much it holds, or how many there are. */
function toldOf(input: unknown, output: unknown): Record<string, unknown> {
  const { items, total } = asRecord(output)
  return {
    ...asRecord(input),
    ...(Array.isArray(items) && { count: total ?? items.length }),
    ...asRecord(output),
  }
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
