import { foldExpanded, foldPlain } from './fold.ts'
import { jaroWinkler } from './jaroWinkler.ts'

/** The forms that Danish companies and their foreign customers write behind their names, folded. */
const forms = 'aps, a/s, as, i/s, ivs, k/s, p/s, amba, a.m.b.a., fmba, smba, inc, inc., ltd, ltd., llc, gmbh, ab'.split(', ') // prettier-ignore

/** A form at the end of a folded name, as both JavaScript and PostgreSQL read it. */
export const formPattern = `[ ,]+(${forms.map((form) => form.replaceAll('.', '[.]')).join('|')})$`

const formAtEnd = new RegExp(formPattern)

/** The folded name without its form: “Havneby, A/S” → “havneby”. */
export const withoutForm = (name: string): string => foldPlain(name).replace(formAtEnd, '')

/**
 * The folded names under which the same company may stand: as it is written, and without its form or, where none is
 * written, with any. “Havneby ApS” is “Havneby”, but not “Havneby A/S”.
 */
export function writingsOf(name: string): string[] {
  const folded = foldPlain(name)
  const bare = withoutForm(name)
  return bare === folded ? [folded, ...forms.map((form) => `${folded} ${form}`)] : [folded, bare]
}

/** 0 to 1, whatever the company form: “Nordlys Rengøring ApS” and “NORDLYS RENGOERING” are the same name. */
export function companyNameSimilarity(left: string, right: string): number {
  const [one, other] = [onlyWords(left), onlyWords(right)]
  return one === '' || other === '' ? 0 : jaroWinkler(one, other)
}

const onlyWords = (name: string): string =>
  foldExpanded(name)
    .replace(formAtEnd, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
