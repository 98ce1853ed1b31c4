import pg from 'pg'
import type { QueryResult } from 'pg'
import { beginStatement, currentScope } from './scope.ts'
import { keptAlive } from './silence.ts'

type Callback = (error: Error | null, result?: QueryResult) => void

interface ExchangeCount {
  /** Times something was sent while nothing was outstanding: what a distant server would make us wait for. */
  exchanges: number
}

export const exchangeCount: ExchangeCount = { exchanges: 0 }

/**
 * The PostgreSQL client that Sequelize is given. It makes tenancy loud instead of silent:
 * opening a transaction says whose it is, a query outside one throws, and a COMMIT that the server answered
 * with ROLLBACK is an error (the server reports success for it, with nothing saved).
 * Statements are pipelined, so what is sent together costs one exchange.
 */
export class TenantClient extends pg.Client {
  #armed = false
  #inTransaction = false
  #outstanding = 0
  #beginFault: Error | undefined
  #ended: ((fault: Error | undefined) => void)[] = []
  #sent: (() => void)[] = []

  constructor(config: pg.ClientConfig) {
    super({ ...config, ...keptAlive, pipeline: true } as pg.ClientConfig)
    // A server that stops can say so in the packet that lets us in, before Sequelize listens; its pool hands out again what does
    // not bear this mark, and every transaction on it would fail.
    this.on('error', () => Object.assign(this, { _invalid: true }))
  }

  /** Sequelize asks the catalog about types while it connects; from here on only transactions may speak. */
  arm(): void {
    this.#armed = true
  }

  /** Resolves when the next statement has been written to the server, answered or not. */
  nextSent(): Promise<void> {
    return new Promise((resolve) => this.#sent.push(resolve))
  }

  /**
   * What goes wrong with the next COMMIT or ROLLBACK. Whoever ends a transaction asks for it, since Sequelize is not told:
   * it would write a line past the log, and close a connection that is as good as before.
   */
  nextEnd(): Promise<Error | undefined> {
    return new Promise((resolve) => this.#ended.push(resolve))
  }

  override query(...args: unknown[]): never {
    const { text, values, callback } = normalize(args)
    if (!this.#armed) return this.#send(text, values, callback) as never
    return this.#guarded(text, values, callback) as never
  }

  #guarded(text: unknown, values: unknown[] | undefined, callback: Callback | undefined): unknown {
    const verb = typeof text === 'string' ? text.trimStart().slice(0, 17).toUpperCase() : ''
    if (verb === 'START TRANSACTION') return this.#begin(callback)
    if (verb.startsWith('COMMIT')) return this.#end('COMMIT', callback)
    if (verb.startsWith('ROLLBACK') && !verb.startsWith('ROLLBACK TO')) return this.#end('ROLLBACK', callback)
    if (!this.#inTransaction) return refuse('A query ran outside a tenant’s transaction.', callback)
    return this.#send(text, values, callback)
  }

  /** Sent without waiting: the first query of the transaction travels in the same exchange. */
  #begin(callback: Callback | undefined): unknown {
    const scope = currentScope()
    if (!scope) return refuse('A transaction was opened with no tenant.', callback)
    if (scope.transaction) return refuse('A transaction was opened inside another one.', callback)
    this.#inTransaction = true
    this.#beginFault = undefined
    this.#send(beginStatement(scope), undefined, (error) => {
      if (error) this.#beginFault = error
    })
    return answer({ command: 'BEGIN', rows: [], rowCount: 0 } as unknown as QueryResult, callback)
  }

  #end(command: 'COMMIT' | 'ROLLBACK', callback: Callback | undefined): unknown {
    this.#inTransaction = false
    const ended = { command, rows: [], rowCount: 0 } as unknown as QueryResult
    return this.#send(command, undefined, (error, result) => {
      const fault = error ?? this.#beginFault ?? rolledBackInsteadOf(command, result)
      for (const told of this.#ended.splice(0)) told(fault)
      callback?.(null, ended)
    })
  }

  #send(text: unknown, values: unknown[] | undefined, callback: Callback | undefined): unknown {
    if (!callback) {
      return new Promise((resolve, reject) => {
        this.#send(text, values, (error, result) => (error ? reject(error) : resolve(result as QueryResult)))
      })
    }
    if (this.#outstanding++ === 0) exchangeCount.exchanges++
    const send = super.query.bind(this) as (...args: unknown[]) => unknown
    for (const told of this.#sent.splice(0)) told()
    return send(text, values, (error: Error | null, result?: QueryResult) => {
      this.#outstanding--
      callback(error, result)
    })
  }
}

function normalize(args: unknown[]): {
  text: unknown
  values: unknown[] | undefined
  callback: Callback | undefined
} {
  const [text, second, third] = args
  const callback = typeof second === 'function' ? second : third
  return {
    text,
    values: Array.isArray(second) ? second : undefined,
    callback: typeof callback === 'function' ? (callback as Callback) : undefined,
  }
}

function rolledBackInsteadOf(command: string, result: QueryResult | undefined): Error | undefined {
  if (command !== 'COMMIT' || result?.command === 'COMMIT') return undefined
  return new Error('The transaction had failed, so COMMIT rolled it back: nothing was saved.')
}

function refuse(message: string, callback: Callback | undefined): unknown {
  const error = new Error(message)
  if (!callback) return Promise.reject(error)
  process.nextTick(callback, error)
  return undefined
}

function answer(result: QueryResult, callback: Callback | undefined): unknown {
  if (!callback) return Promise.resolve(result)
  process.nextTick(callback, null, result)
  return undefined
}
