import { domainToASCII, domainToUnicode } from 'node:url'
import { z } from 'zod'
import type { Sentence } from '../language.ts'
import { refuse } from './refuse.ts'

/** An email address, normalised by `parseEmail`. */
export const Email = z
  .string()
  .overwrite((value) => parseEmail(value) ?? value)
  .check((context) => {
    if (parseEmail(context.value) === undefined) refuse(context, notAnEmail)
  })
  .meta({ format: 'email', maxLength: 254, examples: ['sofie@havneby.example'] })

/**
 * The address in its one stored form: lower case, NFC, the domain in Unicode (`bücher.example`, never `xn--…`);
 * `mailto:` and `Sofie Lund <sofie@…>` are unwrapped. Undefined where the text is no address.
 * Lengths follow RFC 5321 (64 and 254), letters outside ASCII RFC 6531.
 */
export function parseEmail(text: string): string | undefined {
  if (text.length > 1000) return undefined
  const bare = unwrap(text).normalize('NFC').toLowerCase()
  const at = bare.lastIndexOf('@')
  const local = bare.slice(0, at)
  const domain = normaliseDomain(bare.slice(at + 1))
  if (at < 1 || !domain || !localPart.test(local)) return undefined
  return isTooLong(local, domain) || !local.isWellFormed() ? undefined : `${local}@${domain}`
}

/** The part behind @ of a normalised address. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1)

/** A domain that belongs to people rather than to one company, so it says nothing of where somebody works. */
export const isPublicMailDomain = (domain: string): boolean => publicMailDomains.has(domain)

export const notAnEmail: Sentence = {
  da: 'E-mailadressen er ikke gyldig. Skriv den som navn@firma.dk',
  en: 'The email address is not valid. Write it as name@company.com',
}

function isTooLong(local: string, domain: string): boolean {
  const localOctets = Buffer.byteLength(local)
  const domainOctets = asciiDomain.test(domain) ? domain.length : domainToASCII(domain).length
  return localOctets > 64 || localOctets + 1 + domainOctets > 254
}

const localPart = /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cs}.]+(?:\.[^\s@<>()[\]\\,;:"\p{Cc}\p{Cs}.]+)*$/u

const unwrap = (text: string): string => {
  const trimmed = text.trim()
  const inBrackets = /<([^<>]*)>$/.exec(trimmed)?.[1] ?? trimmed
  return inBrackets.trim().replace(/^mailto:/i, '')
}

function normaliseDomain(domain: string): string | undefined {
  if (asciiDomain.test(domain) && !domain.includes('xn--')) return domain
  // The URL parser forgives much that is no mail domain (ports, `%41`, IPv4 shorthands), so look first.
  if (!/^[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+$/u.test(domain)) return undefined
  const ascii = domainToASCII(domain)
  return asciiDomain.test(ascii) ? domainToUnicode(ascii) : undefined
}

const asciiDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/

const publicMailDomains = new Set(
  (
    'gmail.com googlemail.com hotmail.com hotmail.dk outlook.com outlook.dk live.com live.dk msn.com yahoo.com yahoo.dk ' +
    'icloud.com me.com mac.com mail.dk jubii.dk ofir.dk post.tele.dk mail.tele.dk stofanet.dk youmail.dk tdcadsl.dk ' +
    'sol.dk proton.me protonmail.com pm.me gmx.com gmx.de web.de aol.com fastmail.com'
  ).split(' '),
)
