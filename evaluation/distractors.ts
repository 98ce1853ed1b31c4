import { z } from 'zod'
import {
  fail,
  idOf,
  operation,
  plugin,
  resource,
  type AnyOperation,
  type Locale,
  type Plugin,
  type Words,
} from '#core'

/**
 * Operations of domains that a company could have besides, about things that no evaluation sentence speaks of, so that
 * understanding and tool search are measured among as many operations as a grown installation has.
 */
export const distractors = (count: number): Plugin[] => {
  const all = things.flatMap((thing) => verbs.map((verb) => [thing, verb] as const)).slice(0, count)
  return [
    plugin({
      name: domain,
      version: '1.0.0',
      operations: all.map(([thing, verb]) => operationOf(thing, verb)),
      locales: { da: wordsIn('da', all), en: wordsIn('en', all) },
    }),
  ]
}

const domain = 'more'

/** Name, Danish in one and in many, with its article, and English in one and in many. */
type Thing = readonly [name: string, da: string, daMany: string, daThe: string, en: string, enMany: string]
const things: readonly Thing[] = [
  ['vehicles', 'bil', 'biler', 'bilen', 'vehicle', 'vehicles'],
  ['invoices', 'kreditnota', 'kreditnotaer', 'kreditnotaen', 'credit note', 'credit notes'],
  ['surveys', 'spørgeskema', 'spørgeskemaer', 'spørgeskemaet', 'survey', 'surveys'],
  ['articles', 'artikel', 'artikler', 'artiklen', 'article', 'articles'],
  ['campaigns', 'kampagne', 'kampagner', 'kampagnen', 'campaign', 'campaigns'],
  ['machines', 'maskine', 'maskiner', 'maskinen', 'machine', 'machines'],
  ['complaints', 'reklamation', 'reklamationer', 'reklamationen', 'complaint', 'complaints'],
  ['warehouses', 'lager', 'lagre', 'lageret', 'warehouse', 'warehouses'],
  ['subscriptions', 'abonnement', 'abonnementer', 'abonnementet', 'subscription', 'subscriptions'],
  ['suppliers', 'leverandør', 'leverandører', 'leverandøren', 'supplier', 'suppliers'],
  ['incidents', 'hændelse', 'hændelser', 'hændelsen', 'incident', 'incidents'],
  ['templates', 'skabelon', 'skabeloner', 'skabelonen', 'template', 'templates'],
  ['courses', 'kursus', 'kurser', 'kurset', 'course', 'courses'],
  ['budgets', 'budget', 'budgetter', 'budgettet', 'budget', 'budgets'],
  ['projects', 'projekt', 'projekter', 'projektet', 'project', 'projects'],
  ['permits', 'tilladelse', 'tilladelser', 'tilladelsen', 'permit', 'permits'],
  ['payslips', 'lønseddel', 'lønsedler', 'lønsedlen', 'payslip', 'payslips'],
  ['shipments', 'forsendelse', 'forsendelser', 'forsendelsen', 'shipment', 'shipments'],
  ['audits', 'inspektion', 'inspektioner', 'inspektionen', 'inspection', 'inspections'],
  ['keysets', 'nøglebundt', 'nøglebundter', 'nøglebundtet', 'key ring', 'key rings'],
  ['newsletters', 'nyhedsbrev', 'nyhedsbreve', 'nyhedsbrevet', 'newsletter', 'newsletters'],
  ['vacancies', 'stilling', 'stillinger', 'stillingsopslaget', 'vacancy', 'vacancies'],
  ['applicants', 'ansøger', 'ansøgere', 'ansøgeren', 'applicant', 'applicants'],
  ['assets', 'aktiv', 'aktiver', 'aktivet', 'asset', 'assets'],
  ['firewalls', 'firewall', 'firewalls', 'firewallen', 'firewall', 'firewalls'],
  ['visas', 'visum', 'visa', 'visummet', 'visa', 'visas'],
]

/** Phrases of a verb; `{one}`, `{many}` and `{the}` stand for the thing, any other for an argument. */
type Verb = readonly [
  name: string,
  effect: 'read' | 'write' | 'send' | 'destroy',
  fields: readonly string[],
  da: readonly string[],
  en: readonly string[],
]
const verbs: readonly Verb[] = [
  ['list', 'read', ['q', 'companyId'], ['vis {many}', 'find {many}', 'hvilke {many} har vi', 'find {the} {q}', '{many} hos {companyId}'], ['show {many}', 'find {many}', 'which {many} do we have', 'find the {one} {q}', '{many} at {companyId}']],
  ['get', 'read', ['id'], ['vis {the} {id}', 'åbn {the} {id}', 'hvad ved vi om {the} {id}'], ['show the {one} {id}', 'open the {one} {id}', 'what do we know about the {one} {id}']],
  ['create', 'write', ['title', 'companyId'], ['opret {the} {title}', 'ny {one} {title}', 'lav en {one} til {companyId}: {title}'], ['create the {one} {title}', 'new {one} {title}', 'make a {one} for {companyId}: {title}']],
  ['update', 'write', ['id', 'title'], ['ret {the} {id}', 'omdøb {the} {id} til {title}', '{the} {id} skal hedde {title}'], ['change the {one} {id}', 'rename the {one} {id} to {title}', 'the {one} {id} should be called {title}']],
  ['delete', 'destroy', ['id'], ['slet {the} {id}', 'fjern {the} {id}', '{the} {id} skal væk'], ['delete the {one} {id}', 'remove the {one} {id}', 'get rid of the {one} {id}']],
  ['approve', 'write', ['id'], ['godkend {the} {id}', '{the} {id} er godkendt'], ['approve the {one} {id}', 'the {one} {id} is approved']],
  ['archive', 'write', ['id'], ['arkivér {the} {id}', 'læg {the} {id} i arkivet'], ['archive the {one} {id}', 'put the {one} {id} in the archive']],
  ['send', 'send', ['id', 'contactId'], ['send {the} {id} til {contactId}'], ['send the {one} {id} to {contactId}']],
  ['assign', 'write', ['id', 'ownerId'], ['giv {the} {id} til {ownerId}', 'gør {ownerId} ansvarlig for {the} {id}'], ['give the {one} {id} to {ownerId}', 'make {ownerId} responsible for the {one} {id}']],
] // prettier-ignore

function operationOf([name]: Thing, [verb, effect, fields]: Verb): AnyOperation {
  const item = resource({ table: `${domain}.${name}`, item: z.object({ id: z.uuid(), title: z.string() }) })
  const all = {
    q: z.string().optional(),
    id: idOf(item),
    title: z.string().meta({ kind: 'text' }),
    companyId: z.uuid().meta({ refers: 'crm.companies' }).optional(),
    contactId: z.uuid().meta({ refers: 'crm.contacts' }),
    ownerId: z.uuid().meta({ refers: 'platform.people' }),
  }
  const input = z.strictObject(
    Object.fromEntries(fields.map((field) => [field, all[field as keyof typeof all]])),
  )
  const paged = verb === 'list' ? input.extend({ limit: z.int().default(20) }) : input
  const definition = {
    name: `${domain}.${name}.${verb}`,
    summary: `${verb} ${name}`,
    effect,
    input: paged,
    output: z.object({ items: z.array(z.unknown()).optional() }),
    run: () => (verb === 'list' ? { items: [] } : fail('not_found')),
  }
  return operation(definition as never) as AnyOperation
}

const wordsIn = (locale: Locale, all: readonly (readonly [Thing, Verb])[]): Record<string, Words> =>
  Object.fromEntries(
    all.map(([thing, verb]) => [`${domain}.${thing[0]}.${verb[0]}`, words(locale, thing, verb)]),
  )

function words(
  locale: Locale,
  [, da, daMany, daThe, en, enMany]: Thing,
  [verb, , , danish, english]: Verb,
): Words {
  const [one, many, the] = locale === 'da' ? [da, daMany, daThe] : [en, enMany, en]
  const phrases = (locale === 'da' ? danish : english).map((phrase) =>
    phrase.replaceAll('{one}', one).replaceAll('{many}', many).replaceAll('{the}', the),
  )
  const title = `${one}: ${verb}`
  return { title, doing: title, done: title, confirm: title, phrases }
}
