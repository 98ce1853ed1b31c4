import type { Duplex } from 'node:stream'
import pg from 'pg'
import { checkedTenant, type Scope } from './scope.ts'
import type { Statement } from './sql.ts'

/** Prepared once on every connection: whose transaction this is, and whether it may write. */
export const announcement = {
  name: 'tekup_scope',
  text: `SELECT set_config('app.tenant_id', $1, true), set_config('transaction_read_only', $2, true)`,
  values: ['', 'on'],
}

/**
 * The same after lines of the trail, which the platform stores before the transaction becomes somebody's and may write no more:
 * PostgreSQL works out what is selected from left to right.
 */
export const recordingAnnouncement = {
  name: 'tekup_recording_scope',
  text: `SELECT platform.record_audit($3), set_config('app.tenant_id', $1, true), set_config('transaction_read_only', $2, true)`,
  values: ['', 'on', '[]'],
}

interface Wire {
  readonly stream: Duplex
  bind(message: { statement: string; values: readonly string[] }): void
  execute(): void
  flush(): void
  sync(): void
}

export interface Around {
  /** Told the rows as soon as the statement has run, before its transaction is committed. */
  readonly ahead?: (rows: object[]) => void
  /** Lines of the trail as JSON, stored in the same transaction; none of them stays where the statement fails. */
  readonly recorded?: string
}

/** PostgreSQL sends what it has when it is asked to flush; what follows is the commit, which waits for the disk. */
const flushedBeforeSync = (wire: Wire): Wire =>
  Object.create(wire, {
    sync: {
      value: () => {
        wire.flush()
        wire.sync()
      },
    },
  }) as Wire

type Answered = (error: Error | null, result: pg.QueryResult) => void

/** What `pg` calls on a query of its own, which its types leave out. */
interface OwnQuery {
  readonly _result: { readonly rows: object[] }
  submit(wire: Wire): Error | null
  handleDataRow(message: object): void
  handleCommandComplete(message: object, wire: Wire): void
}

const OwnQuery = pg.Query as unknown as new (config: object, answered: Answered) => OwnQuery

/**
 * One statement of one tenant with a transaction around it and no BEGIN or COMMIT: what stands between two Syncs of the
 * extended protocol is one transaction, which the Sync commits (PostgreSQL: Message Flow, Pipelining). The announcement
 * and the statement travel together, so no other query can come between them.
 */
export class TenantQuery extends OwnQuery {
  readonly #scope: Scope
  readonly #around: Around
  #announced = false

  constructor(scope: Scope, { name, text, values }: Statement, answered: Answered, around: Around = {}) {
    super({ name, text, values: [...values], queryMode: 'extended' }, answered)
    this.#scope = scope
    this.#around = around
  }

  override submit(wire: Wire): Error | null {
    const { ahead, recorded } = this.#around
    const { tenant, mode } = this.#scope
    const scope = [checkedTenant(tenant), mode === 'READ ONLY' ? 'on' : 'off']
    wire.bind(
      recorded === undefined
        ? { statement: announcement.name, values: scope }
        : { statement: recordingAnnouncement.name, values: [...scope, recorded] },
    )
    wire.execute()
    const fault = super.submit(ahead ? flushedBeforeSync(wire) : wire)
    // An announcement with nothing after it would speak for the next query.
    if (fault) wire.stream.destroy()
    return fault
  }

  override handleDataRow(message: object): void {
    if (this.#announced) super.handleDataRow(message)
  }

  override handleCommandComplete(message: object, wire: Wire): void {
    if (this.#announced) {
      super.handleCommandComplete(message, wire)
      this.#around.ahead?.(this._result.rows)
    }
    this.#announced = true
  }
}
