import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  created,
  deleteOperation,
  expected,
  getOperation,
  idOf,
  Line,
  listOperation,
  locales,
  longText,
  operation,
  present,
  saying,
  show,
  sql,
  Version,
  type WriteContext,
} from '#core'
import { sources } from '../sources/source.ts'
import { FormField, standardFieldsIn } from './fields.ts'
import { FormModel } from './form.model.ts'
import { Form, forms, Guard } from './form.ts'
import { openForm } from './open.ts'
import { submitForm } from './submit.ts'

/** Scheme, host and port of a page, as a browser writes it in `Origin` (RFC 6454). */
const WebOrigin = z
  .string()
  .trim()
  .toLowerCase()
  .max(300)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text,
    saying({
      da: 'skriv kun protokol og domæne, som https://www.havneby.example',
      en: 'write the protocol and domain only, such as https://www.havneby.example',
    }),
  )
  .meta({ examples: ['https://www.havneby.example'] })

const WebAddress = z
  .string()
  .trim()
  .max(1_000)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    saying({
      da: 'skriv en hel adresse, som https://www.havneby.example/tak',
      en: 'write a whole address, such as https://www.havneby.example/thanks',
    }),
  )
  .meta({ examples: ['https://www.havneby.example/tak'] })

/** What is sent beside the fields: a field of such a key would be read as that, and the trap would catch people. */
const ownNames = Object.keys(submitForm.input.shape)

const FormFields = z
  .array(FormField)
  .min(1)
  .max(40)
  .refine(
    (fields) => fields.every(({ kind, choices }) => kind !== 'choice' || choices.length > 0),
    saying({ da: 'et valg skal have noget at vælge mellem', en: 'a choice needs something to choose from' }),
  )
  .refine(
    (fields) =>
      new Set([...ownNames, ...fields.map(({ key }) => key)]).size === ownNames.length + fields.length,
    saying({
      da: `hvert felt skal have sin egen nøgle, og ingen må hedde ${ownNames.join(', ')}`,
      en: `each field needs a key of its own, and none may be called ${ownNames.join(', ')}`,
    }),
  )

const parts = {
  fields: FormFields.optional(),
  sourceId: idOf(sources).nullish(),
  origins: z
    .array(WebOrigin)
    .max(20)
    .optional()
    .meta({ description: 'Pages that may send it; none named is any' }),
  consentText: longText(5_000)
    .nullish()
    .meta({ description: 'What visitors agree to; null asks for nothing' }),
  language: z.enum(locales).optional(),
  intro: longText(2_000).nullish().meta({ description: 'What its page says above the fields' }),
  thanksText: longText(2_000).nullish().meta({ description: 'What its page says when it was sent' }),
  thanksUrl: WebAddress.nullish(),
  redirects: z.array(WebAddress).max(20).optional(),
  guard: Guard.optional(),
  leastSeconds: z.int().min(0).max(600).optional(),
}

const listForms = listOperation(forms, {
  name: 'leads.forms.list',
  summary: 'List the forms that stand in web pages, with their public keys and how much came in',
})

const getForm = getOperation(forms, {
  name: 'leads.forms.get',
  summary: 'Show one form: its fields, consent text, public key and the pages that may send it',
})

export const createForm = operation({
  name: 'leads.forms.create',
  summary: 'Create a form for a web page, through which visitors become leads',
  effect: 'write',
  input: z.strictObject({ name: Line, ...parts }),
  output: Form,
  async run({ consentText, fields: wanted, ...given }, context) {
    const fields = wanted ?? standardFieldsIn(given.language ?? 'da')
    const id = uuidv7()
    const consentVersion = consentText ? 1 : null
    const keys = { publicKey: newKey(), secret: randomBytes(32).toString('base64url') }
    const creation = FormModel.create({
      tenantId: context.tenant.id,
      id,
      ...keys,
      ...(present(given) as { name: string }),
      fields,
      consentVersion,
    })
    return created(context, forms, id, creation, () =>
      consentText ? [newWords(context, id, 1, consentText)] : [],
    )
  },
})

export const updateForm = operation({
  name: 'leads.forms.update',
  summary:
    'Change a form: its fields, consent text (a new wording is a new version), pages, guard, or close it',
  effect: 'write',
  input: z.strictObject({
    id: idOf(forms),
    name: Line.optional(),
    ...parts,
    open: z.boolean().optional(),
    version: Version.optional(),
  }),
  output: Form,
  async run({ id, version, consentText, ...given }, context) {
    const consent = await reworded(context, id, consentText)
    const columns = { ...present({ ...given, ...consent }), updatedAt: context.clock.now() }
    return changed(context, forms, id, FormModel.update(columns, { where: expected({ id, version }) }))
  },
})

const rotateForm = operation({
  name: 'leads.forms.rotate',
  summary: 'Give a form a new public key; pages with the old one no longer work',
  effect: 'write',
  input: z.strictObject({ id: idOf(forms), version: Version.optional() }),
  output: Form,
  run: ({ id, version }, context) =>
    changed(context, forms, id, FormModel.update({ publicKey: newKey(), updatedAt: context.clock.now() }, { where: expected({ id, version }) })), // prettier-ignore
})

const deleteForm = deleteOperation(forms, {
  name: 'leads.forms.delete',
  summary: 'Delete a form; its leads and their consents stay',
  called: 'name',
  remove: (where) => FormModel.destroy({ where }),
})

export const formOperations = [
  listForms,
  getForm,
  createForm,
  updateForm,
  rotateForm,
  deleteForm,
  openForm,
  submitForm,
]

const newKey = (): string => `form_${randomBytes(16).toString('base64url')}`

/** A wording that is new gets the next number; the old ones stay, because people have agreed to them. */
async function reworded(context: WriteContext, id: string, text: string | null | undefined) {
  if (text === undefined) return {}
  const { consentText } = await show(context, forms, id)
  if (text === consentText) return {}
  if (!text) return { consentVersion: null }
  const [latest] = await context.query<{ version: number }>(sql`
    SELECT coalesce(max(consent_version), 0)::integer AS version FROM leads.consent_texts WHERE form_id = ${id}`)
  const consentVersion = (latest?.version ?? 0) + 1
  await newWords(context, id, consentVersion, text)
  return { consentVersion }
}

const newWords = (context: WriteContext, form: string, version: number, text: string): Promise<unknown> =>
  context.query(sql`INSERT INTO leads.consent_texts (tenant_id, form_id, consent_version, text)
    VALUES (${context.tenant.id}, ${form}, ${version}, ${text})`)
