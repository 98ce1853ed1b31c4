import { foldExpanded, foldPlain } from './fold.ts'
import { jaroWinkler } from './jaroWinkler.ts'

/** The forms that Danish companies and their foreign customers write behind their names, folded. */
const forms = 'aps, a/s, as, i/s, ivs, k/s, p/s, amba, a.m.b.a., fmba, smba, inc, inc., ltd, ltd., llc, gmbh, ab'.split(', ') // prettier-ignore

/**
 * The folded names under which the same company may stand: as it is written, and without its form or, where none is
 * written, with any. “Havneby ApS” is “Havneby”, but not “Havneby A/S”.
 */
export function writingsOf(name: string): string[] {
  const folded = foldPlain(name)
  const form = forms.find((candidate) => folded.endsWith(` ${candidate}`))
  if (form === undefined) return [folded, ...forms.map((candidate) => `${folded} ${candidate}`)]
  return [folded, folded.slice(0, -form.length).replace(/[ ,]+$/, '')]
}

/** 0 to 1, whatever the company form: “Nordlys Rengøring ApS” and “NORDLYS RENGOERING” are the same name. */
export function companyNameSimilarity(left: string, right: string): number {
  const [one, other] = [bareName(left), bareName(right)]
  return one === '' || other === '' ? 0 : jaroWinkler(one, other)
}

const bareName = (name: string): string => ` ${onlyWords(name)} `.replace(anyForm, ' ').trim()

const onlyWords = (name: string): string => foldExpanded(name).replace(/[^\p{L}\p{N}]+/gu, ' ')

const anyForm = new RegExp(
  ` (?:${[...new Set(forms.map((form) => onlyWords(form).trim()))].join('|')})(?= )`,
  'g',
)
