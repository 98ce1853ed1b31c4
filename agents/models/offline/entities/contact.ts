import type { Entity } from './entity.ts'

/** Emails, web addresses, UUIDs, CVR numbers, phone numbers and quoted text: whatever shows by its form alone. */
export function findContactDetails(text: string): Entity[] {
  const emails = find(text, email, 'email', (found) => found.toLowerCase().replace(/\.$/, ''))
  const urls = find(text, url, 'url', (found) => found)
  const uuids = find(text, uuid, 'uuid', (found) => found.toLowerCase())
  const numbers = [
    ...find(text, cvr, 'cvr', (found) => found.replace(/\D/g, '')),
    ...find(text, international, 'phone', internationalNumber),
    ...find(text, danish, 'phone', (found) => `+45${found.replace(/\D/g, '')}`),
  ]
  const quotes = find(text, quoted, 'quoted', (found) => found.slice(1, -1).trim())
  return [...emails, ...uuids, ...urls, ...numbers, ...quotes]
}

const email = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu
const url = /(?:https?:\/\/[^\s,;]{3,300}|\bwww\.[^\s,;]{3,300})/giu
const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/giu
const cvr = /\bcvr(?:[-.\s]?(?:nr|nummer|number|no))?[.:\s]{0,3}(?:dk)?\s?(?:\d\s?){7}\d(?!\d)/giu
const international = /(?<![\d\p{L}])(?:\+|00)[1-9](?:[\s().-]{0,2}\d){6,14}(?!\d)/gu
/** Eight figures in any grouping, not part of a longer number; a grouping with dots of three is an amount. */
const danish = /(?<![\d.,+-])[1-9]\d(?:[ .-]?\d){6}(?![\d]|[.,]\d|-\d| ?(?:kr|dkk|eur|€))/giu
const quoted = /["“”«»„][^"“”«»„]{1,300}["“”«»„]/gu

const internationalNumber = (found: string): string => `+${found.replace(/\D/g, '').replace(/^00/, '')}`

function find(
  text: string,
  pattern: RegExp,
  type: 'email' | 'phone' | 'cvr' | 'url' | 'uuid' | 'quoted',
  read: (found: string) => string,
): Entity[] {
  return [...text.matchAll(pattern)].map((match) => {
    const found = match[0].replace(/[.,]+$/, '')
    return {
      type,
      start: match.index,
      core: match.index,
      end: match.index + found.length,
      value: read(found),
    } as Entity
  })
}
