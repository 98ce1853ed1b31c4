import { shortText } from '#core'

/** Fields that several things of the CRM have in common, with what models and forms read from them. */

export const Place = shortText(100).meta({ kind: 'placeName' })

/** A postal address, in the parts that a Danish one has. */
export const postal = {
  address: shortText(300).nullable(),
  postcode: shortText(20).nullable(),
  city: Place.nullable(),
  country: shortText(100).nullable(),
}
