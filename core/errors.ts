import { automationErrors } from './automations/errors.ts'
import { jobErrors } from './jobs/errors.ts'
import { inLanguage, sentence, type Locale, type Sentence } from './language.ts'

/** How one code is answered: its HTTP status and its sentence for people, in both languages (ICU messages). */
interface ErrorEntry extends Sentence {
  readonly status: number
}

export type ErrorTable = Readonly<Record<string, ErrorEntry>>

/** Every code that the core itself can answer with. Plugins add their own with `defineErrors`. */
export const coreErrors = {
  invalid_input: {
    status: 400,
    da: 'Ret det, der er sendt: {problem}',
    en: 'Correct what was sent: {problem}',
  },
  malformed_body: {
    status: 400,
    da: 'Det sendte kunne ikke læses som JSON. Send gyldig JSON med Content-Type: application/json.',
    en: 'What was sent could not be read as JSON. Send valid JSON with Content-Type: application/json.',
  },
  malformed_request: {
    status: 400,
    da: 'Kaldet var ikke gyldig HTTP eller kom ikke helt frem. Send det igen.',
    en: 'The call was not valid HTTP, or did not arrive whole. Send it again.',
  },
  malformed_upload: {
    status: 400,
    da: 'Filen kunne ikke læses, som den blev sendt. Send én fil som multipart/form-data.',
    en: 'The file could not be read as it was sent. Send one file as multipart/form-data.',
  },
  unauthenticated: {
    status: 401,
    da: 'Log ind, eller send en gyldig nøgle.',
    en: 'Sign in, or send a valid key.',
  },
  token_expired: {
    status: 401,
    da: 'Adgangen er udløbet. Forny den, eller log ind igen.',
    en: 'The access has expired. Refresh it, or sign in again.',
  },
  wrong_credentials: {
    status: 401,
    da: 'E-mail eller adgangskode er forkert. Prøv igen.',
    en: 'The email or the password is wrong. Try again.',
  },
  csrf: {
    status: 403,
    da: 'Kaldet kom ikke fra TekUps egen side. Genindlæs siden, og prøv igen.',
    en: 'The call did not come from TekUp’s own page. Reload the page and try again.',
  },
  foreign_host: {
    status: 403,
    da: 'Kaldet kom til eller fra en adresse, der ikke er TekUps egen. Brug den rigtige, eller bed driften om at sætte PUBLIC_URL.',
    en: 'The call came to or from an address that is not TekUp’s own. Use the right one, or ask whoever runs TekUp to set PUBLIC_URL.',
  },
  forbidden: {
    status: 403,
    da: 'Det har du ikke adgang til ({permission}). Bed en administrator om adgang.',
    en: 'You may not do that ({permission}). Ask an administrator for access.',
  },
  not_found: {
    status: 404,
    da: 'Det findes ikke, eller du kan ikke se det. Kontrollér adressen eller id’et.',
    en: 'It does not exist, or you cannot see it. Check the address or the id.',
  },
  method_not_allowed: {
    status: 405,
    da: 'Adressen findes, men ikke med denne metode. Brug {allowed}.',
    en: 'The address exists, but not with this method. Use {allowed}.',
  },
  already_exists: {
    status: 409,
    da: 'Det findes allerede: {what}. Ret det, der findes, i stedet.',
    en: 'It already exists: {what}. Change the existing one instead.',
  },
  conflict: {
    status: 409,
    da: 'Det kan ikke lade sig gøre nu: {reason}',
    en: 'That cannot be done now: {reason}',
  },
  version_conflict: {
    status: 412,
    da: 'En anden har ændret det i mellemtiden. Hent det igen, og gentag ændringen.',
    en: 'Somebody else has changed it meanwhile. Fetch it again and repeat the change.',
  },
  too_large: {
    status: 413,
    da: 'Det sendte er for stort. Højst {limit}.',
    en: 'What was sent is too large. At most {limit}.',
  },
  unsupported_media_type: {
    status: 415,
    da: 'Den slags indhold kan ikke modtages her. Send {expected}.',
    en: 'That kind of content is not taken here. Send {expected}.',
  },
  idempotency_mismatch: {
    status: 422,
    da: 'Nøglen i Idempotency-Key er brugt før til noget andet. Brug en ny nøgle.',
    en: 'The Idempotency-Key was used before for something else. Use a new key.',
  },
  outcome_unknown: {
    status: 409,
    da: 'Det blev begyndt hos et andet system, og hvordan det endte, vides ikke her. Se efter dér, før det gøres igen.',
    en: 'It was begun at another system, and how it ended is not known here. Look there before it is done again.',
  },
  egress_refused: {
    status: 422,
    da: '{host} bliver ikke kaldt herfra: {reason}',
    en: '{host} is not called from here: {reason}',
  },
  confirmation_required: {
    status: 428,
    da: '{sentence} Gentag kaldet med X-Confirm sat til details.confirm for at bekræfte.',
    en: '{sentence} Repeat the call with X-Confirm set to details.confirm to confirm.',
  },
  approval_required: {
    status: 403,
    da: 'Det skal et menneske godkende først: {sentence}',
    en: 'A person has to approve this first: {sentence}',
  },
  upgrade_required: {
    status: 426,
    da: 'Denne adresse taler WebSocket. Åbn den som wss://, eller brug /api/v1/events.',
    en: 'This address speaks WebSocket. Open it as wss://, or use /api/v1/events.',
  },
  headers_too_large: {
    status: 431,
    da: 'Kaldets hoveder er for store. Send kortere hoveder og en kortere adresse.',
    en: 'The headers of the call are too large. Send shorter headers and a shorter address.',
  },
  switched_off: {
    status: 409,
    da: 'Den del af TekUp er slået fra i firmaet, så det blev ikke gjort. En administrator kan slå den til igen.',
    en: 'That part of TekUp is switched off in the company, so it was not done. An administrator can switch it on again.',
  },
  not_approver: {
    status: 403,
    da: 'Kun {people} kan godkende, hvad der bliver spurgt om dér.',
    en: 'Only {people} can approve what is asked there.',
  },
  approval_settled: {
    status: 409,
    da: 'Det er allerede afgjort: {sentence}',
    en: 'That has been settled already: {sentence}',
  },
  approval_expired: {
    status: 409,
    da: 'Ingen svarede i tide, så det blev ikke gjort. Bed om det igen.',
    en: 'Nobody answered in time, so it was not done. Ask for it again.',
  },
  approval_rejected: {
    status: 403,
    da: '{name} sagde nej, så det blev ikke gjort.',
    en: '{name} said no, so it was not done.',
  },
  approval_void: {
    status: 409,
    da: 'Godkendelsen gælder ikke længere, så det blev ikke gjort: {reason}',
    en: 'The approval no longer holds, so it was not done: {reason}',
  },
  ...jobErrors,
  ...automationErrors,
  person_required: {
    status: 403,
    da: 'Det skal et menneske selv gøre i TekUp; en agent kan ikke.',
    en: 'A person has to do that themselves in TekUp; an agent cannot.',
  },
  budget_exhausted: {
    status: 402,
    da: '{covers, select, company {Firmaets} person {Dit} other {Agentens}} AI-budget for {period, select, day {i dag} other {denne måned}} har ikke plads til mere. Det fornyes {renews}; en ejer eller administrator kan hæve det før.',
    en: '{covers, select, company {The company’s} person {Your} other {The agent’s}} AI budget for {period, select, day {today} other {this month}} has no room for more. It renews {renews}; an owner or admin can raise it before then.',
  },
  rate_limited: {
    status: 429,
    da: 'For mange kald. Prøv igen om {seconds, plural, one {# sekund} other {# sekunder}}.',
    en: 'Too many calls. Try again in {seconds, plural, one {# second} other {# seconds}}.',
  },
  too_many_connections: {
    status: 429,
    da: 'Der er for mange åbne forbindelser til live-opdateringer (højst {limit}). Luk nogle faner eller programmer, og prøv igen.',
    en: 'There are too many open connections for live updates (at most {limit}). Close some tabs or programs and try again.',
  },
  too_many_topics: {
    status: 400,
    da: 'En forbindelse kan højst følge {limit} emner. Følg hele slagsen i stedet, eller slip nogle.',
    en: 'One connection follows at most {limit} topics. Follow the whole kind instead, or let some go.',
  },
  internal: {
    status: 500,
    da: 'Noget gik galt hos os, og intet er gemt. Prøv igen; sker det igen, så oplys fejlens id.',
    en: 'Something went wrong on our side, and nothing was saved. Try again; if it happens again, tell us the request id.',
  },
  unavailable: {
    status: 503,
    da: 'Tjenesten er optaget eller lukker ned. Prøv igen om lidt.',
    en: 'The service is busy or shutting down. Try again shortly.',
  },
  storage_full: {
    status: 507,
    da: 'Der er ikke mere plads på databasens disk, og intet er gemt. Bed driften om at frigøre plads, og prøv igen.',
    en: 'The database’s disk is full, and nothing was saved. Ask whoever runs TekUp to free space, and try again.',
  },
  timeout: {
    status: 504,
    da: 'Det tog for lang tid og blev stoppet. Prøv med mindre ad gangen.',
    en: 'It took too long and was stopped. Try with less at a time.',
  },
} as const satisfies ErrorTable

export type CoreErrorCode = keyof typeof coreErrors

/** Values for the placeholders of a sentence (texts, numbers, sentences); they reach the caller as `details`, so never a secret. */
type FaultDetails = Readonly<Record<string, unknown>>

/** A refusal that a person can act on. Anything else that is thrown is our own fault and answered as `internal`. */
export class Fault extends Error {
  readonly code: string
  readonly status: number
  readonly details: FaultDetails
  readonly #entry: ErrorEntry

  constructor(code: string, entry: ErrorEntry, details: FaultDetails = {}, options?: ErrorOptions) {
    super(code, options)
    this.name = 'Fault'
    this.code = code
    this.status = entry.status
    this.details = details
    this.#entry = entry
  }

  sentence(locale: Locale): string {
    return sentence(this.#entry, locale, this.detailsIn(locale))
  }

  /** The details as a client gets them: sentences among them are said in the person's language. */
  detailsIn(locale: Locale): Record<string, unknown> {
    return inLanguage(this.details, locale)
  }
}

/** Refuses with one of the core's codes. */
export function fail(code: CoreErrorCode, details?: FaultDetails, options?: ErrorOptions): never {
  throw fault(code, details, options)
}

export function fault(code: CoreErrorCode, details?: FaultDetails, options?: ErrorOptions): Fault {
  return new Fault(code, coreErrors[code], details, options)
}

/** A plugin's own errors: the table for documentation, and a typed `fail`. Codes are prefixed with the domain. */
export function defineErrors<const Table extends ErrorTable>(domain: string, table: Table) {
  const prefixed = Object.fromEntries(
    Object.entries(table).map(([code, entry]) => [`${domain}_${code}`, entry]),
  )
  return {
    table: prefixed as ErrorTable,
    fail(code: keyof Table & string, details?: FaultDetails): never {
      throw new Fault(`${domain}_${code}`, table[code] as ErrorEntry, details)
    },
  }
}
