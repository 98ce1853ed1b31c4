import type { OfflineBrain } from '../brain.ts'
import type { Field } from './fields.ts'
import { fillText, isFilled, take, type Filling } from './filling.ts'
import { unquoted } from './names.ts'
import { spanText, type Sentence } from './sentence.ts'

const people = 'platform.people'

/** "mine opgaver", "opgaver til mig", "hvad har jeg": the person who asks. */
export function fillSelf(filling: Filling): void {
  const { skill, sentence, references } = filling
  const field = skill.fields.find((each) => each.refers === people && !isFilled(filling, each))
  if (!field) return
  const heard = sentence.tokens.map(({ word }, index) => (filling.taken.has(index) ? '·' : word))
  const words = heard.filter((_, index) => !sentence.fillers[index]).join(' ')
  const asks = skill.card.effect === 'read'
  if ((asks && (ownsThings.test(words) || asksForOwn(words))) || (!asks && meansSelf.test(heard.join(' '))))
    references[field.name] = [{ kind: 'self' }]
}

const ownsThings = /(?:^| )(?:min|mit|mine|my)(?: |$)/
const hasToDo =
  /(?:^| )(?:(?:har|skal|mangler) jeg|jeg (?:har|skal|mangler)|(?:do|should|must) i|am i|i (?:have|need|must))(?: |$)/
const meansSelf =
  /(?:^| )(?:mine|assigned to me|(?:til|for) mig|(?:to|for) me|mig (?:som )?(?:til )?ansvarlig|me responsible)(?: |$)/

/** "Vis det til mig" asks to be shown something, and not for one's own. */
const asksForOwn = (words: string): boolean =>
  hasToDo.test(words) || (meansSelf.test(words) && !/giv|show|vis|find/.test(words))

const prepositions = new Set('hos ved fra at from with med for til to i in as som af by of paa on'.split(' '))

/** "… hos Havneby Tandklinik", "… til Mikkel": names after a preposition, for references that are still open. */
export function fillAfterPrepositions(filling: Filling, skipped: readonly number[]): void {
  const { sentence } = filling
  for (const [first, last] of runs(skipped, filling.taken)) {
    const at = sentence.tokens.findIndex(
      (token, index) => index >= first && index < last - 1 && prepositions.has(token.word),
    )
    if (at < 0 || !sentence.tokens[at + 1]?.capital) continue
    const field = openNameField(filling, sentence.tokens[at]?.word ?? '')
    const end = nameEnd(sentence, at + 1, last)
    if (!field) continue
    fillText(filling, field, unquoted(spanText(sentence, at + 1, end)))
    take(filling, at, end)
  }
}

/** "flyt Havneby-aftalen": a name that nothing explains is the thing that the operation cannot do without. */
export function fillRequiredNames(filling: Filling, skipped: readonly number[]): void {
  const { sentence, skill } = filling
  const isOpen = (field: Field): boolean =>
    field.required &&
    !isFilled(filling, field) &&
    ['reference', 'personName', 'companyName'].includes(field.type)
  const names = runs(
    skipped.filter((token) => token > 0 && sentence.tokens[token]?.capital),
    filling.taken,
  )
  for (const [first, last] of names) {
    const field = skill.fields.find(isOpen)
    if (!field) return
    fillText(filling, field, spanText(sentence, first, last))
    take(filling, first, last)
  }
}

function runs(skipped: readonly number[], taken: ReadonlySet<number>): [number, number][] {
  const found: [number, number][] = []
  for (const token of skipped) {
    if (taken.has(token)) continue
    const run = found.at(-1)
    if (run && run[1] === token) run[1] = token + 1
    else found.push([token, token + 1])
  }
  return found
}

function nameEnd({ tokens }: Sentence, from: number, limit: number): number {
  let end = from
  while (
    end < limit &&
    !(tokens[end]?.mark && !'&-/'.includes(tokens[end]?.text ?? ',')) &&
    !prepositions.has(tokens[end]?.word ?? '')
  )
    end++
  return end
}

/** "hos" asks for a place of work before a person; "til" for a person of the house first. */
function openNameField(filling: Filling, preposition: string): Field | undefined {
  const { skill, brain } = filling
  const open = skill.fields.filter(
    (field) => !isFilled(filling, field) && (field.type === 'reference' || field.type === 'companyName'),
  )
  const isCompany = (field: Field): boolean =>
    field.type === 'companyName' || namesCompanies(brain, field.refers ?? '')
  const others = open.filter((field) => field.refers !== skill.resource)
  if (/^(?:hos|ved|fra|at|from)$/.test(preposition)) return others.find(isCompany) ?? others[0]
  if (/^(?:til|to)$/.test(preposition)) return others.find((field) => field.refers === people) ?? others[0]
  return others.find((field) => !isCompany(field) && field.refers !== people) ?? others[0]
}

const byPerson = /^(?:hende|ham|her|him)$/
const byAny = /^(?:dem|them|they|there)$/

/** "… på ham", "with them", "hvem arbejder der": the person or company spoken of, for a reference that is still open. */
export function fillPointedAt(filling: Filling): void {
  const { skill, brain, sentence, references } = filling
  if (skill.verb !== 'list' && skill.verb !== 'create') return
  const open = skill.fields.filter(
    (field) => field.type === 'reference' && field.refers !== people && field.refers !== skill.resource,
  )
  if (open.some((field) => isFilled(filling, field))) return
  const words = sentence.tokens.filter((token, index) => !token.mark && !filling.taken.has(index))
  const isCompany = (field: Field): boolean => namesCompanies(brain, field.refers ?? '')
  const field = words.some(({ word }) => byPerson.test(word))
    ? open.find((each) => namesPeople(brain, each.refers ?? ''))
    : words.some(({ word }) => byAny.test(word)) || words.at(-1)?.word === 'der'
      ? open.find(isCompany)
      : undefined
  if (field) references[field.name] = [{ kind: 'focus', loose: true }]
}

function namesPeople(brain: OfflineBrain, resource: string): boolean {
  return brain.skills.get(`${resource}.create`)?.fields.some((field) => field.type === 'personName') ?? false
}

function namesCompanies(brain: OfflineBrain, resource: string): boolean {
  return brain.skills.get(`${resource}.create`)?.fields.some((field) => field.type === 'companyName') ?? false
}

/** "Noter at Hotel Friis …", "… at hun er på ferie": whom a new note or task speaks of, where nobody else was named. */
export function fillSpokenOf(filling: Filling): void {
  const { skill, args, references } = filling
  const text = skill.fields.find((field) => field.type === 'free' && typeof args[field.name] === 'string')
  const open = skill.fields.filter((field) => field.type === 'reference' && field.refers !== people)
  const [field] = open
  if (skill.verb !== 'create' || !text || !field || open.some((each) => isFilled(filling, each))) return
  const said = args[text.name] as string
  const name = capitalRun(said)
  if (name !== undefined) references[field.name] = [{ kind: 'named', text: name, loose: true }]
  else if (/(?<!\p{L})(?:hun|han|hende|ham|she|he|her|him)(?!\p{L})/iu.test(said))
    references[field.name] = [{ kind: 'focus', loose: true }]
}

/** Two words with capitals or more, which is how people and companies are written. */
const capitalRun = (text: string): string | undefined =>
  /(?<![\p{L}\p{N}])\p{Lu}[\p{L}'’./]+(?: (?:& )?\p{Lu}[\p{L}'’./]+)+/u.exec(text)?.[0]
