import type { Locale } from '../../language.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { Registry } from '../../operations/registry.ts'
import type { Sink } from '../sinks.ts'

const common: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  da: { id: 'Det gælder', title: 'Titel', name: 'Navn', email: 'E-mail', amount: 'Beløb', currency: 'Valuta', stage: 'Fase', subject: 'Emne', body: 'Tekst', text: 'Tekst', note: 'Note', to: 'Til', cc: 'Kopi til', at: 'Tidspunkt', role: 'Rolle', tags: 'Mærker', on: 'Slået til', expiresAt: 'Udløber', scopes: 'Adgang', address: 'Adresse', postcode: 'Postnummer', city: 'By', country: 'Land' }, // prettier-ignore
  en: { id: 'About', cc: 'Copy to', expiresAt: 'Expires', on: 'Switched on', scopes: 'Access' },
}

const sinks: Readonly<Record<Locale, Readonly<Record<Sink, string>>>> = {
  da: { recipient: 'Modtager', url: 'Adresse', amount: 'Beløb', channel: 'Kanal' },
  en: { recipient: 'Recipient', url: 'Address', amount: 'Amount', channel: 'Channel' },
}

/**
 * What a person calls a field: what the plugin's words say, else the heading of its column (`companyId` stands under
 * `companyName`), else what such fields are called anywhere.
 */
export function labelOf(
  operation: AnyOperation,
  name: string,
  sink: Sink | undefined,
  locale: Locale,
  registry: Registry,
): string {
  const list = registry.find(`${operation.domain}.${operation.resource}.list`)
  const columns = list && registry.words(list, locale).columns
  const stem = name.replace(/Ids?$/, '')
  return (
    registry.words(operation, locale).fields?.[name] ??
    columns?.[name] ??
    columns?.[`${stem}Name`] ??
    common[locale][name] ??
    (sink && sinks[locale][sink]) ??
    readable(stem)
  )
}

/** "expectedCloseOn" → "Expected close on". */
export function readable(name: string): string {
  const text = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
