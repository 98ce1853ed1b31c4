import type { OfflineBrain, Skill } from '../brain.ts'
import { isFunctionWord, isPreposition, isQuestionWord } from '../language/words.ts'
import type { EntityType } from '../entities/entity.ts'
import type { Token } from '../language/tokens.ts'
import { entitiesFor } from './fields.ts'
import type { Sentence } from './sentence.ts'

const cost = {
  mark: 0,
  filler: 0.02,
  functionWord: 0.04,
  preposition: 0.12,
  prepositionOfName: 0.3,
  questionWord: 0.3,
  whichOfList: 0.1,
  whoOfClause: 0.1,
  show: 0.06,
  readable: 0.04,
  afterPreposition: 0.25,
  otherNoun: 0.8,
  unknownThing: 1.1,
  unknown: 0.7,
}
const gain = { ownNoun: 0.3, choice: 0.3 }
/** Words that ask politely or begin a request; they say nothing about which. Stems and folded words. */
const polite = new Set(
  'venligst please tak thanks hej hello hi kan could would kindly gerne lige hurtigt quickly behov need'.split(
    ' ',
  ),
)
/** Verbs that ask for something to be shown: any reading operation answers them. Stems. */
const shows = new Set(
  'vis vise se list liste find giv hent fremvis show see get give display tell fort oversigt overblik'.split(
    ' ',
  ),
)
export const asksToShow = ({ stem }: Token): boolean => shows.has(stem)
const beforeNames = new Set('hos ved fra at from with med for til to i in paa on af by of som as'.split(' '))

/**
 * What it costs to leave a token of the sentence unexplained under an operation. Words that name the operation's kind
 * of thing, or one of its choices, speak for it (negative); things that its other fields can take cost next to nothing.
 */
export function leftOverCosts(brain: OfflineBrain, skill: Skill, sentence: Sentence): Float64Array {
  const types = new Set(
    skill.fields.flatMap((field) => entitiesFor(field.type)).filter((type) => type !== 'number'),
  )
  const choices = new Set(
    skill.fields.flatMap(({ type, choices: each }) =>
      type === 'choice' ? each.flatMap(({ stems }) => stems) : [],
    ),
  )
  const takesNames = skill.fields.some((field) => (field.type === 'reference' && field.refers !== skill.resource) || field.type === 'companyName') // prettier-ignore
  return Float64Array.from(sentence.tokens, (token, index) => {
    if (token.mark) return cost.mark
    if (isReadable(sentence, index, types)) return cost.readable
    if (sentence.fillers[index]) return cost.filler
    if (isFunctionWord(token.word)) return smallWord(sentence, index, skill, takesNames)
    if (choices.has(token.stem)) return -gain.choice
    if (polite.has(token.word)) return cost.functionWord
    if (skill.card.effect === 'read' && shows.has(token.stem)) return cost.show
    if (brain.nouns.names(token.stem, skill.resource)) return -gain.ownNoun
    return contentWord(brain, sentence, index, takesNames)
  })
}

const isReadable = ({ entities }: Sentence, index: number, types: ReadonlySet<EntityType>): boolean =>
  entities.some((placed) => types.has(placed.entity.type) && index >= placed.first && index < placed.last)

function smallWord({ tokens }: Sentence, index: number, { card, verb }: Skill, takesNames: boolean): number {
  const word = tokens[index]?.word ?? ''
  if (isQuestionWord(word) && index > 0 && !tokens[index - 1]?.mark && relative.has(word))
    return cost.whoOfClause
  if (isQuestionWord(word)) return verb === 'list' && which.has(word) ? cost.whichOfList : cost.questionWord
  if (card.effect === 'read' && shows.has(word)) return cost.show
  if (!isPreposition(word)) return cost.functionWord
  return tokens[index + 1]?.capital && !takesNames ? cost.prepositionOfName : cost.preposition
}

function contentWord(brain: OfflineBrain, sentence: Sentence, index: number, takesNames: boolean): number {
  const token = sentence.tokens[index] as Token
  if (!token.capital && brain.nouns.has(token.stem)) return cost.otherNoun
  const known = brain.vocabulary.languages(token.stem) !== undefined
  const meant = known || (sentence.meanings[index]?.size ?? 0) > 0
  if (!token.capital && !meant && indefinite.has(sentence.tokens[index - 1]?.word ?? ''))
    return cost.unknownThing
  if (takesNames && token.capital && followsPreposition(sentence, index)) return cost.afterPreposition
  return cost.unknown * Math.max(0.6, known ? brain.vocabulary.weight(token.stem) : 1)
}

/** "Everyone who works there": in the middle of a sentence they ask for nothing. */
const relative = new Set('who which whose where when'.split(' '))
const which = new Set('hvilke hvem hvad which who what'.split(' '))
/** "et digt", "a pizza": when the thing asked for is unknown, the sentence is about something else. */
const indefinite = new Set('en et a an'.split(' '))

/** Whether the capitalised run that the token stands in comes after "hos", "from", … */
function followsPreposition({ tokens }: Sentence, index: number): boolean {
  let at = index
  while (at > 0 && tokens[at]?.capital) at--
  return beforeNames.has(tokens[at]?.word ?? '')
}
