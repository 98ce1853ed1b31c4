// The package's door loads the numbers of every country; this is the one that is needed.
import { validate } from 'stdnum/lib/cjs/dk/cvr.js'
import { z } from 'zod'
import { refuse, type Sentence } from '#core'

/**
 * A Danish company registration number as 8 digits. Spaces, dots, hyphens and a leading “DK” or “CVR” are removed.
 * Check digit: modulus 11 with the weights 2 7 6 5 4 3 2 1 (Erhvervsstyrelsen, “Modulus 11 kontrol”).
 */
export const Cvr = z
  .string()
  .overwrite((value) => (value.length > 40 ? value : compactCvr(value)))
  .check((context) => {
    const fault = cvrFault(context.value)
    if (fault) refuse(context, fault)
  })
  .meta({ description: 'CVR number: 8 digits, checked by modulus 11', examples: ['13748136'] })

/** The 8 digits, or undefined where the text is no valid CVR number. */
export function parseCvr(text: string): string | undefined {
  const compact = compactCvr(text)
  return cvrFault(compact) ? undefined : compact
}

const compactCvr = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/^\s*(?:cvr)?\W*(?:nr|no)?\W*(?:dk)?/i, '')
    .replace(/[\s.-]/g, '')

function cvrFault(value: string): Sentence | undefined {
  if (!/^[0-9]{8}$/.test(value)) return notEightDigits
  // The weights give 00000000 the right sum, but no company has it.
  if (value === '00000000' || !validate(value).isValid) return wrongCheckDigit
  return undefined
}

const notEightDigits: Sentence = {
  da: 'Et CVR-nummer er 8 cifre, f.eks. 13748136',
  en: 'A CVR number is 8 digits, such as 13748136',
}

const wrongCheckDigit: Sentence = {
  da: 'CVR-nummeret findes ikke: kontrolcifret passer ikke. Se efter en tastefejl',
  en: 'There is no such CVR number: its check digit does not fit. Look for a typing error',
}
