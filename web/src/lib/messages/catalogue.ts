import { IntlMessageFormat } from 'intl-messageformat'
import type approvalsDa from './approvals/da.json'
import type automationsDa from './automations/da.json'
import type chatDa from './chat/da.json'
import type customersDa from './customers/da.json'
import type da from './da.json'
import type entranceDa from './entrance/da.json'
import type jobsDa from './jobs/da.json'
import type leadSettingsDa from './leadSettings/da.json'
import type leadsDa from './leads/da.json'
import type partsDa from './parts/da.json'
import type settingsDa from './settings/da.json'
import type slackDa from './slack/da.json'

/** A key of a da.json, the language that the product is written in first. */
export type MessageKey = keyof (typeof da &
  typeof settingsDa &
  typeof partsDa &
  typeof automationsDa &
  typeof approvalsDa &
  typeof jobsDa &
  typeof leadSettingsDa &
  typeof leadsDa &
  typeof slackDa &
  typeof customersDa &
  typeof chatDa &
  typeof entranceDa)
export type MessageValues = Record<string, string | number | Date>
type Catalogue = Partial<Record<MessageKey, string>>

/** Sentences that belong together, a file for each language: those of every page here, those of some pages with them. */
export type Part = Record<Locale, () => Promise<{ default: Catalogue }>>
const everywhere = { da: () => import('./da.json'), en: () => import('./en.json') }

export type Locale = keyof typeof everywhere
export const locales = Object.keys(everywhere) as Locale[]

const parts = new Set<Part>([everywhere])
const loaded: Partial<Record<Locale, Map<Part, Catalogue>>> = {}
const compiled = new Map<string, IntlMessageFormat>()

/** Fetches the sentences of a language; a reader gets one language, and the other when they ask for it. */
export async function loadCatalogue(locale: Locale, more: Part[] = []): Promise<void> {
  for (const part of more) parts.add(part)
  const known = (loaded[locale] ??= new Map())
  const missing = [...parts].filter((part) => !known.has(part))
  await Promise.all(missing.map(async (part) => known.set(part, (await part[locale]()).default)))
}

/**
 * One sentence of the interface, ICU message syntax filled with `values`; the key itself before its language is loaded.
 * Plain text: markup in a value stays text.
 */
export function formatMessage(locale: Locale, key: MessageKey, values?: MessageValues): string {
  const pattern = patternOf(locale, key) ?? key
  return values && takesValues(pattern) ? String(compile(locale, pattern, key).format(values)) : pattern
}

/** A text with no place for a value is said as it is, also where values are given: the built page has no parser for it. */
const takesValues = (pattern: unknown): boolean => typeof pattern !== 'string' || pattern.includes('{')

function patternOf(locale: Locale, key: MessageKey): string | undefined {
  for (const catalogue of loaded[locale]?.values() ?? []) if (key in catalogue) return catalogue[key]
  return undefined
}

/** In the built page the pattern is a syntax tree already (compiledMessages.ts); in a test it is the text. */
function compile(locale: Locale, pattern: string, key: MessageKey): IntlMessageFormat {
  const id = `${locale}:${key}`
  const known = compiled.get(id)
  if (known) return known
  const message = new IntlMessageFormat(pattern, locale, undefined, { ignoreTag: true })
  compiled.set(id, message)
  return message
}
