import { domainOf } from '#core'
import { ageOfTicket, isProof } from './ticket.ts'

/** Why a submission is not believed at once. It is kept all the same: a person looks at it. */
export const suspicions = [
  'trap',
  'noTicket',
  'badTicket',
  'oldTicket',
  'usedTicket',
  'tooFast',
  'noProof',
  'otherPage',
  'disposableEmail',
  'manyLinks',
] as const
export type Suspicion = (typeof suspicions)[number]

export interface Evidence {
  readonly guard: string
  readonly secret: string
  readonly leastSeconds: number
  /** A field that people do not see, and programs fill in. */
  readonly trap?: string | undefined
  readonly ticket?: string | undefined
  readonly isTicketUsed: boolean
  readonly proof?: string | undefined
  readonly isAllowedOrigin: boolean
  readonly email?: string | null | undefined
  readonly texts: readonly string[]
  readonly now: Date
}

export function suspicionsOf(evidence: Evidence): Suspicion[] {
  const { trap = '', isAllowedOrigin, email, texts } = evidence
  return [
    ...(trap.trim() === '' ? [] : ['trap' as const]),
    ...(isAllowedOrigin ? [] : ['otherPage' as const]),
    ...ofTicket(evidence),
    ...(email && isDisposable(email) ? ['disposableEmail' as const] : []),
    ...(linksIn(texts) > mostLinks ? ['manyLinks' as const] : []),
  ]
}

/** Hours that a page may stand open before it is sent. */
const longest = 24 * 3_600_000

function ofTicket({ guard, secret, leastSeconds, ticket, isTicketUsed, proof, now }: Evidence): Suspicion[] {
  if (ticket === undefined) return guard === 'plain' ? [] : ['noTicket']
  const age = ageOfTicket(ticket, secret, now)
  if (age === undefined) return ['badTicket']
  return [
    ...(age > longest ? ['oldTicket' as const] : []),
    ...(age < leastSeconds * 1_000 ? ['tooFast' as const] : []),
    ...(isTicketUsed ? ['usedTicket' as const] : []),
    ...(guard === 'proof' && !isProof(ticket, proof ?? '') ? ['noProof' as const] : []),
  ]
}

const mostLinks = 2

const linksIn = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + (text.match(/https?:\/\/|www\.|\[url|<a\s/gi) ?? []).length, 0)

/** Providers of addresses that are gone within the hour. */
const disposable = new Set(
  (
    'mailinator.com guerrillamail.com guerrillamail.info sharklasers.com 10minutemail.com 10minutemail.net tempmail.com ' +
    'temp-mail.org temp-mail.io throwawaymail.com yopmail.com yopmail.fr trashmail.com trashmail.de getnada.com ' +
    'dispostable.com maildrop.cc mailnesia.com mintemail.com fakeinbox.com moakt.com emailondeck.com mohmal.com ' +
    'tempr.email discard.email spamgourmet.com mytemp.email burnermail.io'
  ).split(' '),
)

const isDisposable = (email: string): boolean => disposable.has(domainOf(email))
