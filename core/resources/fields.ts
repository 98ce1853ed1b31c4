import { z } from 'zod'
import { saying } from '../language.ts'
import { shortText } from '../values/text.ts'

/** Fields that the things of every domain have, with what models and forms read from them. */

/** A colleague; "me" is the person who asks. */
export const Colleague = z.uuid().meta({ refers: 'platform.people' })

export const Moment = z.iso.datetime({ offset: true }).meta({ kind: 'dateTime' })
export const PastMoment = Moment.meta({ kind: 'dateTime', tense: 'past' })
export const Day = z.iso.date().meta({ kind: 'date' })
export const ComingDay = Day.meta({ kind: 'date', tense: 'future' })

/** The version that the change was made from; another one means that somebody was faster. */
export const Version = z
  .int()
  .min(1)
  .meta({ description: 'The version that was read; refused when it has moved on' })

export const Line = shortText(200).meta({ kind: 'text' })

/** ISO 4217. */
export const Currency = z
  .string()
  .refine(
    (code) => /^[A-Z]{3}$/.test(code),
    saying({
      da: 'en valuta er tre store bogstaver, som DKK',
      en: 'a currency is three capital letters, such as DKK',
    }),
  )
  .meta({ description: 'ISO 4217 code', examples: ['DKK'] })

/** What every stored thing shows of itself. */
export const tracked = {
  createdAt: Moment,
  updatedAt: Moment,
  version: z.int(),
}
