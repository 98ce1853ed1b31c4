import { z } from 'zod'

/** What an outside tool answered, cut to what a conversation holds. Outsiders' words, all of it. */
export const ToolAnswer = z.object({
  text: z.string(),
  /** Structured content, where the tool gave any that is not too large. */
  data: z.unknown(),
  /** The tool says itself that it did not succeed. */
  failed: z.boolean(),
})
export type ToolAnswer = z.output<typeof ToolAnswer>

/** Characters of the text and of the data as JSON, and levels of the data. */
const most = { text: 20_000, data: 20_000, levels: 20 }

/** Texts are joined; pictures, sounds and links are named and left out. */
export function answerOf(result: unknown): ToolAnswer {
  const { content, structuredContent, isError } = (result ?? {}) as Record<string, unknown>
  const parts = Array.isArray(content) ? content.slice(0, 200) : []
  const text = storable(parts.map(textOf).join('\n'))
  return {
    text: text.length > most.text ? `${text.slice(0, most.text).toWellFormed()}…` : text,
    data: dataOf(structuredContent),
    failed: isError === true,
  }
}

function textOf(part: unknown): string {
  const { type, text } = (part ?? {}) as Record<string, unknown>
  return type === 'text' && typeof text === 'string' ? text : `[${String(type).slice(0, 20)}]`
}

function dataOf(value: unknown): unknown {
  const plain = plainData(value, 0)
  return plain === undefined || JSON.stringify(plain).length > most.data ? null : plain
}

/** What PostgreSQL can store, and nothing nested without end. */
function plainData(value: unknown, level: number): unknown {
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object' || value === null) return value
  if (level > most.levels) return null
  if (Array.isArray(value)) return value.map((part) => plainData(part, level + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [storable(name), plainData(part, level + 1)]),
  )
}

const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()
