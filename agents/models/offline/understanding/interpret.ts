import type { Locale } from '#core'
import type { OfflineBrain, Skill } from '../brain.ts'
import type { Surroundings } from '../entities/recognize.ts'
import { isQuestionWord } from '../language/words.ts'
import { align, type Alignment } from './align.ts'
import { leftOverCosts } from './leftOver.ts'
import { retrieve } from './retrieve.ts'
import { asSynonym } from './vocabulary.ts'
import { readSentence, type Sentence } from './sentence.ts'
import { spanQualities } from './spans.ts'

/** One way to understand a sentence: this operation, with these words in these places. */
export interface Reading {
  readonly skill: Skill
  readonly sentence: Sentence
  readonly alignment: Alignment
  /** 0 to 1. */
  readonly score: number
}

/** How many patterns are laid along the sentence with care. */
const candidates = 44

interface Understanding {
  readonly sentence: Sentence
  /** Best first, one per operation. */
  readonly readings: readonly Reading[]
}

/** The operations that a sentence may ask for, among those offered. */
export function interpret(
  brain: OfflineBrain,
  text: string,
  offered: (operation: string) => boolean,
  surroundings: Surroundings,
  otherwise: Locale,
): Understanding {
  const sentence = readSentence(text, brain.vocabulary, brain.nouns.has, surroundings, otherwise)
  return { sentence, readings: readingsOf(brain, sentence, offered) }
}

function readingsOf(
  brain: OfflineBrain,
  sentence: Sentence,
  offered: (operation: string) => boolean,
): Reading[] {
  const quality = spanQualities(brain, sentence)
  const leftOver = new Map<string, Float64Array>()
  const best = new Map<string, Reading>()
  for (const pattern of retrieve(sentence, brain.patterns, brain.vocabulary, offered, candidates)) {
    const skill = brain.skills.get(pattern.operation) as Skill
    let costs = leftOver.get(pattern.operation)
    if (!costs) leftOver.set(pattern.operation, (costs = leftOverCosts(brain, skill, sentence)))
    const weight = brain.vocabulary.weight
    const alignment = align(pattern, sentence, {
      weight,
      quality,
      // What cannot be undone is never guessed from a misspelt word.
      leastLikeness: skill.card.effect === 'destroy' ? asSynonym : 0,
      leftOver: costs,
    })
    const score = rate(alignment, sentence, skill)
    if (score > (best.get(pattern.operation)?.score ?? 0))
      best.set(pattern.operation, { skill, sentence, alignment, score })
  }
  return [...best.values()].sort((left, right) => right.score - left.score)
}

const otherLanguage = 0.93
const perMissing = 0.04
/** Who asks a question wants to be told something, not to have something changed. */
const changeByQuestion = 0.6

/** Explained share, a little more where more was explained, a little less where something required is still missing. */
function rate(
  { score, matched, slots, pattern }: Alignment,
  sentence: Sentence,
  { fields, card }: Skill,
): number {
  const missing = fields.filter(
    (field) => field.required && !slots.some((slot) => slot.field === field),
  ).length
  const language = pattern.locale === sentence.locale ? 1 : otherLanguage
  const mood = isQuestion(sentence) && card.effect !== 'read' ? changeByQuestion : 1
  return Math.min(1, score * language * mood * Math.min(1, 0.9 + matched * 0.05) - perMissing * missing)
}

const isQuestion = ({ tokens }: Sentence): boolean => isQuestionWord(tokens[0]?.word ?? '')
