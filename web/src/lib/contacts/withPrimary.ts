type Entry = { label?: string | null; primary?: boolean }

/**
 * The list with another primary value, the others kept as they are. An empty value takes the primary one away,
 * and the next in line becomes primary.
 */
export function withPrimary<Key extends 'address' | 'number', Item extends Entry & Record<Key, string>>(
  entries: Item[],
  key: Key,
  value: string,
): Item[] {
  const primary = entries.find((entry) => entry.primary) ?? entries[0]
  const others = entries.filter((entry) => entry !== primary && entry[key] !== value)
  const first = value === '' ? [] : [{ label: null, ...primary, [key]: value } as Item]
  return [...first, ...others].map((entry, index) => ({ ...entry, primary: index === 0 }))
}
