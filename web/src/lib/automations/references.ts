import type { EventField } from '#lib/api/types.ts'

/** Something of the event that an input refers to: as it is kept, and as people know it. */
export type Reference = { written: string; label: string }

/** How what every event has is called. */
export type EventWords = { daysAfter: (count: number) => string; at: string; id: string }

const anyReference = /\{\{[^{}]*\}\}/g
const spoken = /‹([^‹›]*)›/g
const day = /^\{\{\s*event\.day(?:\s*\+\s*(\d{1,3}))?\s*\}\}$/

/** How an input refers to a field of the event. */
export const referenceTo = (path: string): string => `{{payload.${path}}}`

/** What there is to refer to; fields that are called the same are told apart by their place in the event. */
export function referencesOf(fields: readonly EventField[], words: EventWords): readonly Reference[] {
  const named = fields.map(({ path, label }) => {
    const isShared = fields.some((other) => other.path !== path && other.label === label)
    return { written: referenceTo(path), label: isShared ? `${label} (${path})` : label }
  })
  return [
    ...named,
    { written: '{{event.at}}', label: words.at },
    { written: '{{event.id}}', label: words.id },
  ]
}

/** Those, and the days that a text counts from the event's. */
export function knownIn(
  text: string,
  references: readonly Reference[],
  { daysAfter }: EventWords,
): readonly Reference[] {
  const days = (text.match(anyReference) ?? []).flatMap((written) => {
    const found = day.exec(written)
    return found ? [{ written, label: daysAfter(Number(found[1] ?? 0)) }] : []
  })
  return [...references, ...days]
}

/** A text in pieces: what somebody has written, and what the event fills in. */
export type Piece = { text: string } | Reference

export function piecesOf(text: string, references: readonly Reference[]): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const { 0: written, index } of text.matchAll(anyReference)) {
    const known = references.find((each) => plain(each.written) === plain(written))
    if (!known) continue
    if (index > end) pieces.push({ text: text.slice(end, index) })
    pieces.push({ written, label: known.label })
    end = index + written.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end) })
  return pieces
}

const plain = (written: string): string => written.replaceAll(/\s/g, '')

/** As a field shows it: each reference by its name, `‹Navn›`. */
export const toWords = (text: string, references: readonly Reference[]): string =>
  piecesOf(text, references)
    .map((piece) => ('label' in piece ? `‹${piece.label}›` : piece.text))
    .join('')

/** The same the other way; what is called like nothing of the event stays as it was written. */
export const fromWords = (text: string, references: readonly Reference[]): string =>
  text.replace(
    spoken,
    (word, label: string) => references.find((each) => each.label === label)?.written ?? word,
  )
