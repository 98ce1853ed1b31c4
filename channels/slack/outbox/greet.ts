import type { Core } from '#core'
import type { Workspace } from '../install/workspace.ts'
import { greetingWords, type Greeting } from '../people/greeting.ts'
import { untilSure } from './certainty.ts'
import type { Gate } from './gate.ts'
import { findPosted } from './history.ts'
import { metadataOf, unfurlsNothing } from './message.ts'
import type { Content, Row } from './row.ts'
import type { Timer } from './timer.ts'

interface GreetParts {
  readonly core: Core
  readonly gate: Gate
  readonly timer: Timer
}

interface Greet {
  readonly workspace: Workspace
  readonly row: Row
  readonly content: Content
  readonly greeting: Greeting
  /** Nobody has tried to send it before. */
  readonly isFirst: boolean
}

/** Milliseconds that it waits for its turn; after that it is left to those who look for what was left. */
const patience = 60_000

/**
 * Says a greeting, whose link is made only now and stands in no table. What only one person sees nobody can look for: where it is
 * not known whether it came through, it is said again, and the newest link is good. Answers the `ts` of what can be found.
 */
export async function sendGreeting(parts: GreetParts, one: Greet): Promise<string[]> {
  const { workspace, row, greeting, isFirst } = one
  let text: string | undefined
  return untilSure(parts.timer, async (isRepeat) => {
    const mayStand = greeting.only === undefined && (isRepeat || !isFirst)
    const found = mayStand ? await findPosted(parts.gate, workspace, row, 0) : undefined
    if (found) return [found]
    // Not before: a new link makes the one that stands in Slack void.
    text ??= await greetingWords(parts.core, workspace, greeting)
    return say(parts.gate, one, text)
  })
}

async function say(
  gate: Gate,
  { workspace, row, content, greeting }: Greet,
  text: string,
): Promise<string[]> {
  const { channel, thread } = row
  const args = { channel, text, ...(thread && { thread_ts: thread }) }
  const turn = { channel, within: patience }
  if (greeting.only !== undefined) {
    await gate.call(workspace, 'chat.postEphemeral', { ...args, user: greeting.only }, turn)
    return []
  }
  const post = { ...args, metadata: metadataOf(row, content, 0), ...unfurlsNothing }
  return [String((await gate.call(workspace, 'chat.postMessage', post, turn))['ts'])]
}
