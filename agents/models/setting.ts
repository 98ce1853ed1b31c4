import { z } from 'zod'
import { idOf, raw, resource, saying } from '#core'
import { addressLike, keyOf } from '../access.ts'
import { vendors } from './choice.ts'
import { verdicts } from './verdicts.ts'

const time = z.iso.datetime({ offset: true })

/** A model of the company, as it is shown: of a key only its last four characters, ever. */
export const ModelSetting = z.object({
  id: z.uuid(),
  name: z.string(),
  vendor: z.enum(vendors),
  model: z.string(),
  baseUrl: z.string(),
  apiVersion: z.string().nullable(),
  keyEnding: z.string().nullable(),
  /** 1 is the default; the others are asked in their order when it does not answer. */
  place: z.int(),
  /** What the last test came to. */
  checked: z.enum(verdicts).nullable(),
  checkedAt: time.nullable(),
  version: z.int(),
  createdAt: time,
  updatedAt: time,
})
export type ModelSetting = z.output<typeof ModelSetting>

export const modelSettings = resource({
  table: 'agents.models',
  item: ModelSetting,
  fields: { place: raw('t.ordinal') },
  sorts: { place: { expression: raw('t.ordinal'), type: 'integer' } },
  defaultSort: 'place',
})

export const modelId = idOf(modelSettings)

export const fields = {
  name: z.string().trim().min(1).max(100).meta({ kind: 'text' }),
  vendor: z.enum(vendors),
  model: z
    .string()
    .trim()
    .max(200)
    .refine(
      (name) => /^\w[\w.:/@+-]*$/.test(name) && !name.includes('..'),
      saying({
        da: 'navnet på en model skrives som gpt-5-mini eller llama3.1:8b',
        en: 'the name of a model reads like gpt-5-mini or llama3.1:8b',
      }),
    )
    .meta({ examples: ['gpt-5-mini'] }),
  baseUrl: addressLike('https://host/v1', 'https://models.example/v1'),
  apiVersion: z
    .string()
    .trim()
    .refine(
      (version) => /^\d{4}-\d\d-\d\d(-preview)?$/.test(version),
      saying({ da: 'en version skrives som 2024-10-21', en: 'a version reads like 2024-10-21' }),
    )
    .meta({ examples: ['2024-10-21'] }),
  apiKey: keyOf(/^[\x21-\x7e]+$/, 500),
}

/** Enough to know a key by; nothing of one so short that four characters would give much of it away. */
export const endingOf = (key: string): string => (key.length < 16 ? '' : key.slice(-4))
