/** PostgreSQL keeps neither NUL nor half Unicode characters; a mark stands in their place. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

/** The same for every text of a value, as JSON. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'string') return storableText(item)
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
    return Object.fromEntries(Object.entries(item).map(([key, each]) => [storableText(key), each]))
  })
