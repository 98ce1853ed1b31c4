import type { Clock } from '../operations/context.ts'
import { BoundedMap } from './boundedMap.ts'

/** Remembers what is asked for all the time and changes rarely, and forgets it at once on news of a change. */
export interface ChangingMemory<Value> {
  /**
   * What is remembered under this key, else what `load` finds. It depends on these ids, and on those that it is found
   * to concern: news of one of them ends it.
   */
  recall<Found extends Value>(
    key: string,
    ids: readonly string[],
    load: () => Promise<Found | undefined>,
  ): Promise<Found | undefined>
  /** Forgets what concerns this id. */
  forget(id: string): void
  /** Whether other processes can tell of their changes now: while they cannot, little is remembered. */
  hears(hearing: boolean): void
  /** Forgets, and remembers nothing of this id while a change of it may be on its way to its commit. */
  distrust(id: string): void
}

interface Remembered<Value> {
  readonly until: number
  readonly found: Promise<Value | undefined>
  /** Whatever this depends on: a change of one of them ends it. */
  readonly ids: Set<string>
}

interface MemoryParts<Value> {
  readonly clock: Clock
  /** Entries. */
  readonly most: number
  /** Ids that are known only once a value is found. */
  readonly concerns?: (found: Value) => readonly string[]
}

const rememberedMs = { hearing: 120_000, deaf: 5_000 }
const distrustedMs = 5_000

export function createChangingMemory<Value>({
  clock,
  most,
  concerns = () => [],
}: MemoryParts<Value>): ChangingMemory<Value> {
  const memory = new BoundedMap<Remembered<Value>>(most)
  const distrusted = new Map<string, number>()
  let lasting = rememberedMs.hearing
  const now = (): number => clock.now().getTime()

  /** What was heard while a value was on its way: whom it concerns is known once it is there. */
  const underWay = new Set<Set<string>>()
  const drop = (key: string, remembered: Remembered<Value>): void => {
    if (memory.get(key) === remembered) memory.delete(key)
  }
  const forget = (id: string): void => {
    for (const heard of underWay) heard.add(id)
    for (const [key, { ids }] of memory.entries()) if (ids.has(id)) memory.delete(key)
  }
  const isDistrusted = (ids: Iterable<string>): boolean =>
    distrusted.size > 0 && [...ids].some((id) => (distrusted.get(id) ?? 0) > now())

  return {
    recall: <Found extends Value>(
      key: string,
      ids: readonly string[],
      load: () => Promise<Found | undefined>,
    ) => {
      if (isDistrusted(ids)) return load()
      const known = memory.get(key)
      if (known && known.until > now()) return known.found as Promise<Found | undefined>
      const loading = load()
      const remembered: Remembered<Value> = { until: now() + lasting, found: loading, ids: new Set(ids) }
      memory.set(key, remembered)
      const heard = new Set<string>()
      underWay.add(heard)
      loading
        .then(
          (found) => {
            for (const id of found ? concerns(found) : []) remembered.ids.add(id)
            if (isDistrusted(remembered.ids) || !remembered.ids.isDisjointFrom(heard)) drop(key, remembered)
          },
          () => drop(key, remembered),
        )
        .finally(() => underWay.delete(heard))
      return loading
    },
    forget,
    hears: (hearing) => {
      lasting = hearing ? rememberedMs.hearing : rememberedMs.deaf
      memory.clear()
    },
    distrust: (id) => {
      for (const [known, until] of distrusted) if (until <= now()) distrusted.delete(known)
      distrusted.set(id, now() + distrustedMs)
      forget(id)
    },
  }
}
