import { z } from 'zod'
import { saying, shortText } from '#core'

/** Fields that several things of the CRM have in common, with what models and forms read from them. */

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

export const Place = shortText(100).meta({ kind: 'placeName' })

/** A postal address, in the parts that a Danish one has. */
export const postal = {
  address: shortText(300).nullable(),
  postcode: shortText(20).nullable(),
  city: Place.nullable(),
  country: shortText(100).nullable(),
}
