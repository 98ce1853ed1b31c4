import { decodeText, type Encoding } from '../decode.ts'
import type { ContactResult } from '../contact.ts'
import { ExchangeFault } from '../fault.ts'
import { normaliseContact } from '../normalise.ts'
import { parseContentLine, type Property } from './contentLine.ts'
import { fieldsOf } from './fields.ts'
import { longestCard, tooLong, unfoldLines, type TextLine } from './lines.ts'

/** One card of a file, as a contact or as the reason why it cannot be taken. */
export interface ReadCard {
  /** The line of its BEGIN:VCARD, counted from 1. */
  readonly line: number
  readonly result: ContactResult
}

/**
 * Reads a file of any number of vCards, 4.0, 3.0 or 2.1 (quoted-printable with its character set), card by card in
 * bounded memory. Throws an `ExchangeFault` where the file is no vCard or breaks off inside a card.
 */
export async function* readCards(
  source: AsyncIterable<Uint8Array>,
  encoding?: Encoding,
): AsyncIterable<ReadCard> {
  let card: OpenCard | undefined
  let found = false
  for await (const line of unfoldLines(decodeText(source, encoding).text)) {
    if (card && isMarker(line, 'END')) {
      yield finished(card)
      card = undefined
    } else if (isMarker(line, 'BEGIN')) {
      if (card) throw new ExchangeFault('unclosed_card', { line: card.line })
      card = { line: line.line, size: 0, properties: [] }
      found = true
    } else if (card) {
      add(card, line)
    } else if (line.text.trim() !== '') {
      throw new ExchangeFault('not_vcard', { line: line.line })
    }
  }
  if (card) throw new ExchangeFault('unclosed_card', { line: card.line })
  if (!found) throw new ExchangeFault('empty_file')
}

interface OpenCard {
  readonly line: number
  size: number
  readonly properties: Property[]
}

const isMarker = ({ text }: TextLine, marker: 'BEGIN' | 'END'): boolean =>
  new RegExp(`^${marker}\\s*:\\s*VCARD\\s*$`, 'i').test(text)

function add(card: OpenCard, { text }: TextLine): void {
  card.size += text.length
  if (card.size > longestCard) throw tooLong(card.line)
  const property = parseContentLine(text)
  if (property && !pictures.has(property.name)) card.properties.push(property)
}

/** They can be megabytes, and are not kept. */
const pictures = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY'])

function finished({ line, properties }: OpenCard): ReadCard {
  return { line, result: normaliseContact(fieldsOf(properties), line) }
}
