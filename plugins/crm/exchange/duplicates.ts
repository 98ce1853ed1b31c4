import { domainOf, isPublicMailDomain } from '#core'
import { companyNameSimilarity } from '../values/companyName.ts'
import { nameSimilarity } from '../values/personName.ts'

/** What is compared of a contact; all in stored form (`parseEmail`, E.164). */
export interface ComparableContact {
  readonly name: string
  readonly emails: readonly string[]
  readonly phones: readonly string[]
  readonly company?: string | undefined
}

export interface ComparableCompany {
  readonly name: string
  readonly cvr?: string | undefined
  /** Of its website or its people's mail; public mail domains are passed over. */
  readonly domains?: readonly string[]
  readonly phones?: readonly string[]
}

type Reason = 'identical' | 'email' | 'phone' | 'name' | 'company' | 'cvr' | 'domain' | 'otherCvr'

interface Similarity {
  /** 0 (nothing in common) to 1 (identical); symmetric. */
  readonly score: number
  /** Strongest first. */
  readonly reasons: readonly Reason[]
}

/** At or above this two records are worth showing to a person; on import, worth asking. */
export const probableDuplicate = 0.75

/**
 * How likely two contacts are the same person. Each agreement is independent evidence, gathered as
 * 1 − ∏(1 − weight): a shared mailbox or switchboard alone stays below `probableDuplicate`, together with a like
 * name it does not.
 */
export function compareContacts(left: ComparableContact, right: ComparableContact): Similarity {
  if (sameContact(left, right)) return identical
  const alike = nameSimilarity(left.name, right.name)
  const evidence: Evidence = [
    ['email', shares(left.emails, right.emails) ? fromNames(alike, 0.7, 0.97) : 0],
    ['name', nameWeight(alike)],
    ['phone', shares(left.phones, right.phones) ? fromNames(alike, 0.45, 0.9) : 0],
    ['company', alike >= likeName ? 0.5 * companyAgreement(left, right) : 0],
    ['domain', alike >= likeName && shares(ownDomains(left.emails), ownDomains(right.emails)) ? 0.3 : 0],
  ]
  return gather(evidence)
}

/**
 * How likely two companies are the same. Names of companies repeat less than people's, so the same one is enough to
 * look twice. Different CVR numbers are different companies, however alike the rest.
 */
export function compareCompanies(left: ComparableCompany, right: ComparableCompany): Similarity {
  if (sameCompany(left, right)) return identical
  const evidence: Evidence = [
    ['cvr', left.cvr && left.cvr === right.cvr ? 0.97 : 0],
    ['name', nameWeight(companyNameSimilarity(left.name, right.name)) * 1.35],
    ['domain', shares(own(left.domains), own(right.domains)) ? 0.6 : 0],
    ['phone', shares(left.phones ?? [], right.phones ?? []) ? 0.5 : 0],
  ]
  const gathered = gather(evidence)
  const contradicts = left.cvr && right.cvr && left.cvr !== right.cvr
  return contradicts ? { score: gathered.score * 0.3, reasons: [...gathered.reasons, 'otherCvr'] } : gathered
}

type Evidence = readonly (readonly [reason: Reason, weight: number])[]

const identical: Similarity = { score: 1, reasons: ['identical'] }

function gather(evidence: Evidence): Similarity {
  const present = evidence.filter(([, weight]) => weight > 0).toSorted((left, right) => right[1] - left[1])
  const doubt = present.reduce((product, [, weight]) => product * (1 - weight), 1)
  return { score: Math.min(0.99, 1 - doubt), reasons: present.map(([reason]) => reason) }
}

/** Below this two names are of two people. */
const likeName = 0.85

/** Names repeat among people, so even the same name alone is no proof. */
const nameWeight = (alike: number): number => (alike < likeName ? 0 : 0.6 * ((alike - 0.8) / 0.2))

/** A shared email or phone weighs less where the names differ: info@ and switchboards are shared by many. */
const fromNames = (alike: number, weightApart: number, weightTogether: number): number =>
  alike >= likeName ? weightTogether : weightApart

function companyAgreement(left: ComparableContact, right: ComparableContact): number {
  if (!left.company || !right.company) return 0
  return companyNameSimilarity(left.company, right.company) >= 0.92 ? 1 : 0
}

const ownDomains = (emails: readonly string[]): string[] => own(emails.map(domainOf))

const own = (domains: readonly string[] = []): string[] =>
  domains.filter((domain) => !isPublicMailDomain(domain))

const shares = (left: readonly string[], right: readonly string[]): boolean =>
  left.some((value) => right.includes(value))

const sameList = (left: readonly string[] = [], right: readonly string[] = []): boolean =>
  left.length === right.length && left.toSorted().join('\n') === right.toSorted().join('\n')

const sameContact = (left: ComparableContact, right: ComparableContact): boolean =>
  left.name === right.name &&
  (left.company ?? '') === (right.company ?? '') &&
  sameList(left.emails, right.emails) &&
  sameList(left.phones, right.phones)

const sameCompany = (left: ComparableCompany, right: ComparableCompany): boolean =>
  left.name === right.name &&
  (left.cvr ?? '') === (right.cvr ?? '') &&
  sameList(left.domains, right.domains) &&
  sameList(left.phones, right.phones)
