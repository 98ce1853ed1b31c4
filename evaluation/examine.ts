import type { CallRecord, Locale } from '#core'
import { fellBackIn } from './fellBack.ts'
import { addUnknown, changedNothing, judge, type Court } from './judge.ts'
import type { EvaluationSet, Said } from './sets.ts'
import type { EvaluationWorld } from './world.ts'

export interface Share {
  readonly right: number
  readonly of: number
}

/** What a model understood of one set. */
export interface Result {
  /** Sentences by themselves whose operation was found. */
  readonly operation: Share
  /** Those where all arguments were right too. */
  readonly args: Share
  /** Sentences out of scope where nothing was called. */
  readonly refused: Share
  /** Turns of conversations that went as they should: the operation with its arguments, the question, the refusal. */
  readonly turns: Share
  /** Of all that was said, what the offline model answered because the one asked did not: counted in none of the above. */
  readonly fellBack: Share
  /** What went wrong, a line each. */
  readonly faults: readonly string[]
}

/** Says every sentence of a set, each in a company as it was, and judges what was called. */
export async function examine(world: EvaluationWorld, set: EvaluationSet, locale: Locale): Promise<Result> {
  const faults: string[] = []
  const count = { asked: 0, operation: 0, args: 0, outside: 0, refused: 0, turns: 0, saidTurns: 0 }
  const answered = { byOther: 0, all: 0 }
  const isOthers = (text: string): boolean => {
    const other = fellBackIn(text)
    answered.all += 1
    if (other) answered.byOther += 1
    return other
  }
  for (const asked of set.calls) {
    const { calls, text } = await say(world, asked.say, locale)
    if (isOthers(text)) {
      await tidy(world, calls)
      continue
    }
    count.asked += 1
    const verdict = judge(asked, calls, courtOf(world))
    if (verdict.operation) count.operation += 1
    if (verdict.args) count.args += 1
    else faults.push(fault(asked, calls, text))
    await tidy(world, calls)
  }
  for (const sentence of set.outside) {
    const { calls, text } = await say(world, sentence, locale)
    if (isOthers(text)) {
      await tidy(world, calls)
      continue
    }
    count.outside += 1
    if (calls.length === 0) count.refused += 1
    else faults.push(fault({ say: sentence, outside: true }, calls, text))
    await tidy(world, calls)
  }
  for (const turns of set.conversations) {
    let conversation: string | undefined
    const known: CallRecord[] = []
    for (const turn of turns) {
      const answer = await say(world, turn.say, locale, conversation)
      conversation = answer.conversation
      known.push(...answer.calls)
      if (isOthers(answer.text)) continue
      count.saidTurns += 1
      if (isRight(turn, answer, known, courtOf(world))) count.turns += 1
      else faults.push(fault(turn, answer.calls, answer.text))
    }
    await tidy(world, known)
  }
  return {
    operation: { right: count.operation, of: count.asked },
    args: { right: count.args, of: count.asked },
    refused: { right: count.refused, of: count.outside },
    turns: { right: count.turns, of: count.saidTurns },
    fellBack: { right: answered.byOther, of: answered.all },
    faults,
  }
}

const tidy = (world: EvaluationWorld, calls: readonly CallRecord[]): Promise<void> =>
  world.restore(changedNothing(calls, courtOf(world)) ? 'talk' : 'changes')

const courtOf = ({ core, names }: EvaluationWorld): Court => ({ registry: core.registry, names })

interface Answer {
  readonly conversation: string
  readonly text: string
  readonly calls: readonly CallRecord[]
}

async function say(
  { conversations, anna }: EvaluationWorld,
  text: string,
  locale: Locale,
  conversation?: string,
): Promise<Answer> {
  const inbound = {
    caller: anna,
    text,
    locale,
    surface: 'chat',
    requestId: 'evaluation',
    ...(conversation !== undefined && { conversation }),
  } as const
  for await (const event of conversations.handle(inbound)) {
    if (event.type === 'error') throw event.fault
    if (event.type === 'reply')
      return { conversation: event.conversation, text: event.reply.text, calls: event.calls }
  }
  throw new Error(`Nothing was answered to: ${text}`)
}

function isRight(turn: Said, { calls, text }: Answer, known: readonly CallRecord[], court: Court): boolean {
  if ('outside' in turn) return calls.length === 0
  if ('asks' in turn) return changedNothing(calls, court) && text.includes('?')
  const names = { ...court.names, things: new Map(court.names.things) }
  for (const { output } of known)
    if (typeof output === 'object' && output !== null) addUnknown(names.things, output as never)
  return judge(turn, calls, { ...court, names }).args
}

function fault(said: Said, calls: readonly CallRecord[], text: string): string {
  const wanted = 'operation' in said ? `${said.operation} ${JSON.stringify(said.input)}` : 'asks' in said ? 'a question' : 'a refusal' // prettier-ignore
  const made = calls.map(({ operation, input, status }) => `${operation} ${JSON.stringify(input)} ${status}`)
  return `${said.say}\n    wanted ${wanted}\n    called ${made.join('; ') || 'nothing'}\n    said   ${text.split('\n')[0]}`
}
