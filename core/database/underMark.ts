import { BoundedMap } from '../identity/boundedMap.ts'

/** How far what a company has set up has come: another mark means that something of it was changed (`platform.marks`). */
export type Mark = string

/** Reads something of a company, or answers what was read of it under the same mark. */
export type ReadUnderMark<Value> = (
  key: string,
  mark: Mark | undefined,
  read: () => Promise<Value>,
) => Promise<Value>

/**
 * Remembers what was read under a company's mark. A mark comes with a message, read after all that was committed before it,
 * so what was read under it is as new as the message; without a mark everything is read each time.
 */
export function rememberUnderMark<Value>(most: number): ReadUnderMark<Value> {
  const known = new BoundedMap<{ readonly mark: Mark; readonly value: Promise<Value> }>(most)
  return (key, mark, read) => {
    if (mark === undefined) return read()
    const before = known.get(key)
    if (before?.mark === mark) return before.value
    const value = read()
    known.set(key, { mark, value })
    value.catch(() => known.delete(key))
    return value
  }
}
