import { z } from 'zod'
import { locales } from '../language.ts'

export const publicFieldKinds = ['text', 'longText', 'email', 'phone', 'choice'] as const

/** What an operation answers that is shown to outsiders as a page of the product's own (`PublicKeyed.page`). */
export const PublicForm = z.object({
  name: z.string(),
  /** Whose form it is. */
  company: z.string(),
  language: z.enum(locales),
  /** What stands above the fields. */
  intro: z.string().nullable(),
  fields: z.array(
    z.strictObject({
      key: z.string(),
      label: z.string(),
      kind: z.enum(publicFieldKinds),
      required: z.boolean(),
      choices: z.array(z.string()),
    }),
  ),
  /** What visitors agree to, and which wording of it, which is sent back with the form; null asks for nothing. */
  consentText: z.string().nullable(),
  consentVersion: z.int().nullable(),
  /** What is said when it has been sent, and where the visitor goes instead, if anywhere. */
  thanksText: z.string().nullable(),
  thanksUrl: z.string().nullable(),
  /** Sent back with the form. */
  ticket: z.string(),
  /** Zero bits that a proof of the ticket must begin with; null where none is asked for. */
  proofBits: z.int().nullable(),
})
export type PublicForm = z.output<typeof PublicForm>
