import { parseEmail, parsePhone } from '#core'
import { parseCvr } from '../../values/cvr.ts'
import type { Target } from '../contact.ts'
import { knownSources, type KnownSource, type Source } from './sources.ts'
import { headerKey, targetOfHeader } from './synonyms.ts'

/** Header → what it holds; null for a column that is left out. */
export type Columns = Readonly<Record<string, Target | null>>

export interface Mapping {
  readonly source: Source
  readonly columns: Columns
  /** 0 to 1: how far a person can trust the suggestion unseen. */
  readonly confidence: number
}

/**
 * Suggests what each column of a file holds: exports of Google, Outlook and HubSpot by their headers, any other file
 * by its words in Danish or English, and columns without a telling name by the values of some rows.
 */
export function suggestMapping(
  headers: readonly string[],
  sampleRows: readonly (readonly string[])[] = [],
): Mapping {
  const keys = new Set(headers.map(headerKey))
  const known = knownSources.find((source) => isFrom(source, keys))
  const columns = headers.map((header, index) => {
    const values = sampleRows.map((row) => row[index] ?? '').filter((value) => value.trim() !== '')
    return [header, targetByName(header, known) ?? (known ? null : targetByValues(header, values))] as const
  })
  const settled = Object.fromEntries(companiesNamedFirst(columns, keys))
  return { source: known?.source ?? 'generic', columns: settled, confidence: confidence(known, settled) }
}

const isFrom = (known: KnownSource, keys: ReadonlySet<string>): boolean =>
  known.signatures.some((signature) => signature.every((key) => keys.has(key)))

function targetByName(header: string, known: KnownSource | undefined): Target | null {
  const key = headerKey(header)
  const rule = known?.rules.find(([pattern]) => pattern.test(key))
  return rule ? rule[1] : targetOfHeader(header)
}

/** Emails are unmistakable; other values are trusted only where the column has no name of its own. */
function targetByValues(header: string, values: readonly string[]): Target | null {
  if (mostly(values, (value) => parseEmail(value) !== undefined)) return 'email'
  if (!header.startsWith('#')) return null
  if (values.length > 2 && values.every((value) => parseCvr(value) !== undefined)) return 'companyCvr'
  if (mostly(values, (value) => parsePhone(value) !== undefined)) return 'phone'
  return mostly(values, (value) => /^\p{Lu}[\p{L}'.-]+(?: \p{L}[\p{L}'.-]*)+$/u.test(value.trim()))
    ? 'name'
    : null
}

const mostly = (values: readonly string[], test: (value: string) => boolean): boolean =>
  values.length > 0 && values.filter(test).length / values.length >= 0.6

type Column = readonly [header: string, target: Target | null]

/** In a list of customers with a contact person beside it, “Navn” is the company's. */
function companiesNamedFirst(columns: readonly Column[], keys: ReadonlySet<string>): Column[] {
  const hasContactPerson = [...keys].some((key) =>
    /^(?:kontaktperson|contact person|att|attention)$/.test(key),
  )
  const hasCompany = columns.some(([, target]) => target === 'company')
  if (!hasContactPerson || hasCompany) return [...columns]
  return columns.map(([header, target]) => [
    header,
    /^(?:navn|name|kundenavn|customer name)$/.test(headerKey(header)) ? 'company' : target,
  ])
}

function confidence(known: KnownSource | undefined, columns: Columns): number {
  const found = Object.values(columns).filter((target) => target !== null)
  const names = found.some((target) => target === 'name' || target === 'firstName' || target === 'lastName')
  const reaches = found.some((target) => target === 'email' || target === 'phone')
  if (known) return names || reaches ? 0.95 : 0.5
  const share = found.length / Math.max(1, Object.keys(columns).length)
  return Math.round((Number(names) * 0.3 + Number(reaches) * 0.3 + share * 0.35) * 100) / 100
}
