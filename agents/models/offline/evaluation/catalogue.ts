import { z } from 'zod'
import type { JsonSchema, OperationCard } from '../card.ts'
import { words as danish } from './catalogue.da.ts'
import { words as english } from './catalogue.en.ts'

/**
 * A catalogue of the kind that a CRM plugin brings, for the evaluation: fixed here, so that a figure measured today can
 * be compared with tomorrow's whatever the plugins have become.
 */
const id = (refers: string): z.ZodType => z.uuid().meta({ refers })
const name = (kind: 'personName' | 'companyName'): z.ZodType => z.string().meta({ kind })
const emails = z.array(z.object({ address: z.email().meta({ kind: 'email' }), label: z.string().optional() }))
const phones = z.array(z.object({ number: z.string().meta({ kind: 'phone' }), label: z.string().optional() }))
const money = z.int().meta({ kind: 'money' })
const currency = z.string().length(3)
const page = {
  limit: z.int().min(1).max(200).default(20),
  cursor: z.string().optional(),
  count: z.boolean().optional().meta({ kind: 'count' }),
  q: z.string().optional().meta({ kind: 'text' }),
}
const past = (): z.ZodType => z.iso.datetime().optional().meta({ tense: 'past' })
const day = (): z.ZodType => z.iso.date().optional().meta({ tense: 'future' })

const Contact = z.object({
  id: z.uuid(),
  name: z.string(),
  title: z.string().nullable(),
  companyId: z.uuid().nullable().meta({ refers: 'crm.companies' }),
  companyName: z.string().nullable(),
  emails,
  phones,
  tags: z.array(z.string()),
  lastContactAt: z.iso.datetime().nullable(),
})
const Company = z.object({
  id: z.uuid(),
  name: z.string(),
  cvr: z.string().nullable(),
  city: z.string().nullable(),
  lastContactAt: z.iso.datetime().nullable(),
})
const Deal = z.object({
  id: z.uuid(),
  title: z.string(),
  companyId: z.uuid().nullable().meta({ refers: 'crm.companies' }),
  companyName: z.string().nullable(),
  amount: money.nullable(),
  currency,
  stageName: z.string(),
  previousStageName: z.string().nullable(),
  status: z.enum(['open', 'won', 'lost']),
})
const Activity = z.object({
  id: z.uuid(),
  kind: z.string(),
  subject: z.string(),
  contactId: z.uuid().nullable().meta({ refers: 'crm.contacts' }),
  contactName: z.string().nullable(),
  at: z.iso.datetime(),
})
const Task = z.object({
  id: z.uuid(),
  title: z.string(),
  dueDate: z.iso.date().nullable(),
  ownerName: z.string().nullable(),
  status: z.enum(['open', 'done']),
})
const Tag = z.object({ id: z.uuid(), name: z.string() })
const Person = z.object({ id: z.uuid(), name: z.string(), email: z.string() })
const Gone = z.object({ id: z.uuid() })
const list = (item: z.ZodType): z.ZodType =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

const kind = z.enum(['call', 'meeting', 'email', 'other'])

const definitions: Readonly<Record<string, [OperationCard['effect'], z.ZodType, z.ZodType]>> = {
  'crm.contacts.list': ['read', z.object({ ...page, companyId: id('crm.companies').optional(), tag: z.string().optional().meta({ kind: 'tag' }), lastContactBefore: past() }), list(Contact)],
  'crm.contacts.get': ['read', z.object({ id: id('crm.contacts') }), Contact],
  'crm.contacts.create': ['write', z.object({ name: name('personName'), companyId: id('crm.companies').optional(), title: z.string().optional().meta({ kind: 'text' }), emails: emails.default([]), phones: phones.default([]), tags: z.array(z.string().meta({ kind: 'tag' })).default([]) }), Contact],
  'crm.contacts.update': ['write', z.object({ id: id('crm.contacts'), name: name('personName').optional(), companyId: id('crm.companies').optional(), title: z.string().optional().meta({ kind: 'text' }), emails: emails.optional(), phones: phones.optional(), version: z.int().optional() }), Contact],
  'crm.contacts.delete': ['destroy', z.object({ id: id('crm.contacts') }), Gone],
  'crm.contacts.merge': ['write', z.object({ id: id('crm.contacts'), otherId: id('crm.contacts') }), Contact],
  'crm.companies.list': ['read', z.object({ ...page, lastContactBefore: past(), city: z.string().optional().meta({ kind: 'text' }) }), list(Company)],
  'crm.companies.get': ['read', z.object({ id: id('crm.companies') }), Company],
  'crm.companies.create': ['write', z.object({ name: name('companyName'), cvr: z.string().optional().meta({ kind: 'cvr' }), city: z.string().optional().meta({ kind: 'text' }), emails: emails.default([]), phones: phones.default([]) }), Company],
  'crm.companies.update': ['write', z.object({ id: id('crm.companies'), name: name('companyName').optional(), cvr: z.string().optional().meta({ kind: 'cvr' }), city: z.string().optional().meta({ kind: 'text' }) }), Company],
  'crm.companies.delete': ['destroy', z.object({ id: id('crm.companies') }), Gone],
  'crm.deals.list': ['read', z.object({ ...page, companyId: id('crm.companies').optional(), status: z.enum(['open', 'won', 'lost']).optional(), stage: z.string().optional().meta({ kind: 'stage' }), ownerId: id('platform.people').optional() }), list(Deal)],
  'crm.deals.get': ['read', z.object({ id: id('crm.deals') }), Deal],
  'crm.deals.create': ['write', z.object({ title: z.string().meta({ kind: 'text' }), companyId: id('crm.companies').optional(), amount: money.optional(), currency: currency.optional(), stage: z.string().optional().meta({ kind: 'stage' }) }), Deal],
  'crm.deals.update': ['write', z.object({ id: id('crm.deals'), title: z.string().optional().meta({ kind: 'text' }), amount: money.optional(), currency: currency.optional(), ownerId: id('platform.people').optional(), expectedCloseDate: day() }), Deal],
  'crm.deals.move': ['write', z.object({ id: id('crm.deals'), stage: z.string().meta({ kind: 'stage' }) }), Deal],
  'crm.deals.win': ['write', z.object({ id: id('crm.deals') }), Deal],
  'crm.deals.lose': ['write', z.object({ id: id('crm.deals'), reason: z.string().meta({ kind: 'text', free: true }) }), Deal],
  'crm.deals.delete': ['destroy', z.object({ id: id('crm.deals') }), Gone],
  'crm.activities.list': ['read', z.object({ ...page, contactId: id('crm.contacts').optional(), companyId: id('crm.companies').optional(), kind: kind.optional(), after: past() }), list(Activity)],
  'crm.activities.create': ['write', z.object({ kind, subject: z.string().optional().meta({ free: true }), contactId: id('crm.contacts').optional(), companyId: id('crm.companies').optional(), at: past(), durationMinutes: z.int().optional().meta({ kind: 'duration' }) }), Activity],
  'crm.notes.create': ['write', z.object({ body: z.string().meta({ free: true }), contactId: id('crm.contacts').optional(), companyId: id('crm.companies').optional(), dealId: id('crm.deals').optional() }), Activity],
  'crm.tasks.list': ['read', z.object({ ...page, ownerId: id('platform.people').optional(), status: z.enum(['open', 'done']).optional(), dueBefore: day() }), list(Task)],
  'crm.tasks.create': ['write', z.object({ title: z.string().meta({ free: true }), dueDate: day(), ownerId: id('platform.people').optional(), contactId: id('crm.contacts').optional() }), Task],
  'crm.tasks.complete': ['write', z.object({ id: id('crm.tasks') }), Task],
  'crm.tasks.delete': ['destroy', z.object({ id: id('crm.tasks') }), Gone],
  'crm.tags.list': ['read', z.object({ ...page }), list(Tag)],
  'crm.tags.create': ['write', z.object({ name: z.string().meta({ kind: 'tag' }) }), Tag],
  'crm.pipelines.overview': ['read', z.object({}), list(z.object({ stageName: z.string(), count: z.int(), amount: money }))],
  'platform.people.list': ['read', z.object({ ...page }), list(Person)],
} // prettier-ignore

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  z.toJSONSchema(schema, { io }) as JsonSchema

export const catalogue: readonly OperationCard[] = Object.entries(definitions).map(
  ([operation, [effect, input, output]]) => ({
    name: operation,
    effect,
    input: schemaOf(input, 'input'),
    output: schemaOf(output, 'output'),
    words: {
      da: danish[operation] as OperationCard['words']['da'],
      en: english[operation] as OperationCard['words']['en'],
    },
  }),
)
