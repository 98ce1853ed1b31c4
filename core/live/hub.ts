import { fail } from '../errors.ts'
import type { Logger } from '../observability/log.ts'
import { personOf } from '../operations/context.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import { createBeats } from './beats.ts'
import { LiveConnection, type Connection, type ConnectionParts, type Reader } from './connection.ts'
import { createDoubts } from './doubts.ts'
import { toldOf, type Hint } from './hint.ts'

/** The readers of this process. */
export interface Hub {
  /** Refuses with `too_many_connections` where the person or the company has as many as it may. */
  connect(who: Authenticated, reader: Reader): Connection
  tell(hints: readonly Hint[]): void
  /** Readers of these companies have missed something. */
  reset(tenants: readonly string[] | 'all'): void
  /** What a company, person, session or key may do is about to change in this process. */
  expectChange(id: string): void
  /** The same has changed; without an id, it may have for everybody. */
  recheck(id?: string): void
  /** While changes of other processes are not heard, it is looked more often. */
  hears(hearing: boolean): void
  readonly size: number
  /** Companies that have readers. */
  tenants(): string[]
  close(): void
}

interface HubParts extends Omit<ConnectionParts, 'onEnd'> {
  readonly logger: Logger
}

export function createHub(parts: HubParts): Hub {
  const { bounds, logger, observe } = parts
  const byTenant = new Map<string, Set<LiveConnection>>()
  const ofHolder = new Map<string, number>()
  const beats = createBeats<LiveConnection>(Math.max(1, Math.round(bounds.heartbeat / bounds.tick)))
  const doubts = createDoubts(logger)
  let hearing = true
  let ticks = 0
  let closed = false

  const forget = (connection: LiveConnection): void => {
    const { who } = connection
    const fellows = byTenant.get(who.tenant.id)
    fellows?.delete(connection)
    if (fellows?.size === 0) byTenant.delete(who.tenant.id)
    count(who, -1)
    observe.ended(connection.reader.kind)
    beats.remove(connection)
    doubts.forget(connection)
  }
  const connections: ConnectionParts = { ...parts, onEnd: forget }
  const count = (who: Authenticated, by: 1 | -1): void => {
    const holder = holderOf(who)
    const left = (ofHolder.get(holder) ?? 0) + by
    if (left > 0) ofHolder.set(holder, left)
    else ofHolder.delete(holder)
  }
  const refuse = (bound: 'person' | 'tenant', limit: number): never => {
    observe.refused(bound)
    return fail('too_many_connections', { limit })
  }
  const requireRoom = (who: Authenticated): void => {
    const { perPerson, perTenant } = bounds
    if (closed) fail('unavailable')
    if ((ofHolder.get(holderOf(who)) ?? 0) >= perPerson) refuse('person', perPerson)
    const fellows = byTenant.get(who.tenant.id)?.size ?? 0
    if (fellows >= perTenant) refuse('tenant', perTenant)
  }
  const all = function* (): Generator<LiveConnection> {
    for (const fellows of byTenant.values()) yield* fellows
  }
  const concerned = (id: string): LiveConnection[] => [...all()].filter((each) => concerns(id, each))
  const tick = (): void => {
    const isDue = Math.floor(++ticks / beats.length) % bounds.recheckEvery === 0
    for (const connection of beats.next()) {
      connection.beat()
      if (isDue || !hearing) doubts.about(connection)
    }
    for (const connection of all()) if (connection.lagging) void connection.catchUp()
  }
  const recheck = (id?: string): void => {
    for (const connection of id === undefined ? all() : concerned(id)) doubts.about(connection)
    if (id !== undefined) doubts.told(id)
  }
  const timer = setInterval(tick, bounds.tick).unref()

  return {
    connect: (who, reader) => {
      requireRoom(who)
      const connection = new LiveConnection(connections, who, reader)
      const fellows = byTenant.get(who.tenant.id) ?? new Set()
      byTenant.set(who.tenant.id, fellows.add(connection))
      count(who, 1)
      observe.connected(reader.kind)
      beats.add(connection)
      return connection
    },
    tell: (hints) => {
      for (const hint of hints) {
        const readers = byTenant.get(hint.tenant)
        if (!readers) continue
        const told = toldOf(hint)
        for (const reader of readers) reader.take(told)
      }
    },
    reset: (tenants) => {
      const readers = tenants === 'all' ? [...all()] : tenants.flatMap((id) => [...(byTenant.get(id) ?? [])])
      for (const reader of readers) void reader.reset('missed')
    },
    expectChange: (id) => doubts.expect(id, concerned(id)),
    recheck,
    hears: (now) => {
      hearing = now
      if (now) recheck()
    },
    get size() {
      return [...byTenant.values()].reduce((sum, { size }) => sum + size, 0)
    },
    tenants: () => [...byTenant.keys()],
    close: () => {
      closed = true
      clearInterval(timer)
      for (const connection of all()) connection.close('stopping')
    },
  }
}

const holderOf = ({ tenant, actor }: Authenticated): string => `${tenant.id} ${personOf(actor) ?? actor.id}`

const concerns = (id: string, { who: { tenant, actor }, reader }: LiveConnection): boolean =>
  [tenant.id, personOf(actor), actor.id, reader.credential].includes(id)
