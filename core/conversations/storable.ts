/** PostgreSQL keeps neither NUL nor half Unicode characters; a mark stands in their place. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

/** How JSON tells of NUL and of half a character (ECMAScript: well-formed JSON.stringify). */
const unstorable = /\\u(?:0000|d[89a-f])/i

/** The same for every text of a value, as JSON. Nearly every value has nothing to be marked, and is only looked through. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  return unstorable.test(json) ? JSON.stringify(value, marked) : json
}

function marked(_key: string, item: unknown): unknown {
  if (typeof item === 'string') return storableText(item)
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
  return Object.fromEntries(Object.entries(item).map(([key, each]) => [storableText(key), each]))
}
