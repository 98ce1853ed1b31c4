import { HumanMessage } from '@langchain/core/messages'
import { OfflineChatModel, trainOffline, type OperationCard } from '../agents/models/offline/index.ts'
import { catalogue } from '../agents/models/offline/evaluation/catalogue.ts'
import { evaluationMoment, examples } from '../agents/models/offline/evaluation/measure.ts'

/** The offline model with 300 operations: training at boot, and one decision for each sentence of the evaluation. */
const limits = { training: 1_000, decision: 5 }
const operations = 300

const nouns =
  'faktura ordre vare lager sag mail kampagne skema bil nøgle rapport budget kontrakt vagt kursus'.split(' ')
const englishNouns =
  'invoice order item warehouse case letter campaign form car key report budget contract shift course'.split(
    ' ',
  )

/** More operations of the same shapes about other things, so that the index and the candidates grow as plugins would make them. */
function grown(cards: readonly OperationCard[]): OperationCard[] {
  const copies = Array.from({ length: operations - cards.length }, (_, index) => {
    const card = cards[index % cards.length] as OperationCard
    const round = Math.floor(index / cards.length)
    return about(
      card,
      round,
      nouns[round % nouns.length] as string,
      englishNouns[round % englishNouns.length] as string,
    )
  })
  return [...cards, ...copies]
}

function about(card: OperationCard, round: number, da: string, en: string): OperationCard {
  const [, resource = '', verb = ''] = card.name.split('.')
  const renamed = (phrases: readonly string[], noun: string): string[] =>
    phrases.map((phrase) => phrase.replace(thing, `${noun}${resource}`))
  const words = {
    da: { ...card.words.da, phrases: renamed(card.words.da.phrases, da) },
    en: { ...card.words.en, phrases: renamed(card.words.en.phrases, en) },
  }
  return { ...card, name: `extra${round}.${resource}.${verb}`, words }
}

const thing =
  /\b(?:aftale\w*|kontakt\w*|firma\w*|kunde\w*|opgave\w*|mærke\w*|deals?|contacts?|compan\w*|customers?|tasks?|tags?)\b/gu

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
const figure = (value: number, limit: number): string =>
  `${value.toFixed(2)} ms, ${(value / limit).toFixed(2)} of the limit of ${limit} ms`

const cards = grown(catalogue)
const training = Array.from({ length: 3 }, () => {
  const started = performance.now()
  trainOffline(cards)
  return performance.now() - started
})

const brain = trainOffline(cards)
const model = new OfflineChatModel({ brain, now: () => evaluationMoment.now })
const bound = model.bindTools(
  cards.map(({ name }) => ({
    name: name.replaceAll('.', '_'),
    schema: { type: 'object' },
    description: name,
  })),
)
const sentences = [...examples.da, ...examples.en].map(([text]) => new HumanMessage(text))

async function round(): Promise<number[]> {
  const times: number[] = []
  for (const sentence of sentences) {
    const started = performance.now()
    await bound.invoke([sentence])
    times.push(performance.now() - started)
  }
  return times
}

await round()
const times = [...(await round()), ...(await round()), ...(await round())].sort((left, right) => left - right)
console.log(
  `offline model, ${cards.length} operations, ${brain.patterns.length} patterns, ${sentences.length} sentences`,
)
console.log(`  training (first at boot)  ${figure(training[0] as number, limits.training)}`)
console.log(`  decision p50              ${figure(at(times, 0.5), limits.decision)}`)
console.log(`  decision p99              ${figure(at(times, 0.99), limits.decision)}`)
