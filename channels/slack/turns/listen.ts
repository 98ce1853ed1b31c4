import type { App } from '@slack/bolt'
import { textOf, type Body } from '../inbox/envelope.ts'
import type { Workspace } from '../install/workspace.ts'
import type { Person } from '../people/person.ts'
import type { Turns } from './turns.ts'

interface Told {
  readonly event: unknown
  readonly context: Record<string, unknown>
}

/** Hears what is said to the agent, in Slack's two tellings of a mention, and when its work is to stop. */
export function listenTurns(app: App, turns: Turns): void {
  const hear = ({ event, context }: Told): Promise<void> =>
    turns.hear(context['workspace'] as Workspace, context['person'] as Person | undefined, event as Body)
  app.event('app_mention', async (told) => hear(told))
  app.event('message', async (told) => hear(told))
  app.event('agent_session_stopped', async ({ event, context }) => {
    const said = event as unknown as Body
    const [channel, thread] = [textOf(said['channel']), textOf(said['thread_ts'])]
    const person = context['person'] as Person | undefined
    if (!person || channel === undefined || thread === undefined) return
    await turns.stop(context['workspace'] as Workspace, person, channel, thread)
  })
}
