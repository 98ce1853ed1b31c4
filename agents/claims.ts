import type { AnyOperation, CallRecord } from '#core'

/** First person past or "has now been": how both languages say that something was done. */
const claims = [
  /\b(?:jeg har|vi har|har jeg|er nu|er blevet|blev nu) (?:(?:nu|også|så|hermed|lige) )*(?:oprettet|tilføjet|flyttet|opdateret|ændret|rettet|slettet|fjernet|sendt|gemt|registreret|noteret|afsluttet|lukket|booket|planlagt|tildelt|importeret|inviteret|fuldført|markeret|lagt)\b/i,
  /\b(?:I(?:’ve|'ve| have)?|we(?:’ve|'ve| have)?|has (?:now )?been|have (?:now )?been|is now) (?:(?:now|also|just|successfully) )*(?:created|added|moved|updated|changed|corrected|deleted|removed|sent|saved|registered|noted|closed|booked|scheduled|assigned|imported|invited|completed|marked|logged)\b/i,
  /^(?:done|færdig|klaret|udført)[.!]/im,
]

export const claimsDeed = (text: string): boolean => claims.some((claim) => claim.test(text))

interface Deeds {
  /** Something was changed, sent or removed in this turn. */
  readonly some: boolean
  /** Something of that kind was refused or failed. */
  readonly refused: boolean
}

/** What became of the calls that change something. */
export function deedsOf(calls: readonly CallRecord[], operations: readonly AnyOperation[]): Deeds {
  const effects = new Map(operations.map(({ name, effect }) => [name as string, effect]))
  const changing = calls.filter(({ operation }) => effects.get(operation) !== 'read')
  return {
    some: changing.some(({ status }) => status === 'done'),
    refused: changing.some(({ status }) => status !== 'done'),
  }
}
