/** Characters of JSON of one result: what a model reads and what is kept with the reply. */
const largest = 16 * 1024
const longestText = 2_000
const tooLarge = { omitted: 'The result was too large to keep.' }

/**
 * A result small enough to be read by a model and kept: long lists lose their end and say how many were left out,
 * long texts are cut with an ellipsis. It stays valid JSON of the same shape.
 */
export function compactOutput(output: unknown): unknown {
  if (sizeOf(output) <= largest) return output
  const shortened = shortenTexts(output)
  if (sizeOf(shortened) <= largest) return shortened
  if (Array.isArray(shortened)) return takeWhatFits(shortened, largest)
  if (!isRecord(shortened) || !Array.isArray(shortened['items'])) return tooLarge
  const { items, ...rest } = shortened
  if (sizeOf(rest) > largest / 2) return tooLarge
  const kept = takeWhatFits(items as unknown[], largest - sizeOf(rest) - 100)
  return { ...rest, items: kept, omitted: (items as unknown[]).length - kept.length }
}

function takeWhatFits(items: readonly unknown[], room: number): unknown[] {
  let left = room
  const end = items.findIndex((item) => (left -= sizeOf(item) + 1) < 0)
  return end < 0 ? [...items] : items.slice(0, end)
}

function shortenTexts(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > longestText ? `${value.slice(0, longestText).toWellFormed()}…` : value
  if (Array.isArray(value)) return value.map(shortenTexts)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shortenTexts(item)]))
}

const sizeOf = (value: unknown): number => JSON.stringify(value ?? null).length

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
