import type { App, BlockButtonAction } from '@slack/bolt'
import { Fault } from '#core'
import { callAs } from '../approvals/approval.ts'
import type { SlackParts } from '../parts.ts'
import { presentPerson, type Present } from '../present.ts'
import { promptsFor } from './prompts.ts'
import { publishHome, publishStrangerHome, rememberHome } from './publish.ts'
import { homeActions } from './view.ts'

/** App Home: shown when it is opened, and its own buttons. Its cards' buttons are those of cards everywhere. */
export function listenHome(app: App, parts: SlackParts): void {
  app.event('app_home_opened', async ({ event, context }) => {
    const present = await presentPerson(parts, context)
    const { workspace } = context as unknown as Pick<Present, 'workspace'>
    if (!present) {
      if (event.tab === 'home') await publishStrangerHome(parts, workspace, event.user, 'da')
      return
    }
    if (event.tab === 'messages') return suggest(parts, present, event.channel)
    await rememberHome(parts.core, present.workspace, present.slackUser, present.who.actor.id)
    await publishHome(parts, { ...present, hash: hashOf(event) }, present.who)
  })
  app.action<BlockButtonAction>(homeActions.revoke, async ({ ack, context, action }) => {
    await ack()
    const present = await presentPerson(parts, context)
    if (!present) return
    await callAs(parts.core, present.who, 'platform.grants.delete', { id: action.value }).catch(alreadyGone)
    await publishHome(parts, { ...present, hash: null }, present.who)
  })
  app.action(homeActions.open, async ({ ack }) => ack())
}

/** Somebody else was faster, or it has run out: the Home is shown as it is. */
function alreadyGone(error: unknown): void {
  if (!(error instanceof Fault) || error.code !== 'not_found') throw error
}

const suggest = async (parts: SlackParts, { workspace, who }: Present, channel: string): Promise<void> => {
  const prompts = promptsFor(parts.core, who)
  if (prompts.length === 0) return
  await parts.out.call(workspace, 'assistant.threads.setSuggestedPrompts', { channel_id: channel, prompts })
}

/** Of the Home that stands there; Bolt's types do not know it. */
const hashOf = ({ view }: { readonly view?: object }): string | null =>
  (view as { hash?: string } | undefined)?.hash ?? null
