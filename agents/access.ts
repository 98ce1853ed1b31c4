import { z } from 'zod'
import { saying } from '#core'

/** Where another system is reached, and the key that is shown to it: the same for models and for servers of tools. */

/** `shape` is how such an address reads; whoever calls it writes neither a name nor a question into it. */
export const addressLike = (shape: string, example: string) =>
  z
    .string()
    .trim()
    .max(500)
    .refine(
      isPlainAddress,
      saying({
        da: `en adresse skrives som ${shape}, uden navn, adgangskode og spørgetegn`,
        en: `an address reads like ${shape}, without a name, a password or a question mark`,
      }),
    )
    .meta({ examples: [example] })

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash } = new URL(text)
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '')
}

/** Printable ASCII: what fits into a header. */
export const keyOf = (characters: RegExp, most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine(
      (key) => characters.test(key),
      saying({
        da: 'nøglen rummer tegn, som ingen nøgle har',
        en: 'the key holds characters that no key has',
      }),
    )
    .meta({ secret: true })
