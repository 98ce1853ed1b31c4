import type { App, BlockAction } from '@slack/bolt'
import { Fault, sentence, type Locale } from '#core'
import { callAs } from '../approvals/approval.ts'
import { plain, type KnownBlock } from '../blockKit.ts'
import type { SlackParts } from '../parts.ts'
import { presentPerson, type Present } from '../present.ts'
import { openModal } from './modal.ts'
import { said } from './sentences.ts'

const action = 'answer.feedback'
const modal = 'answer.why'

/** Thumbs under an answer, by the id of the reply. */
export const feedbackBlocks = (reply: string, locale: Locale): KnownBlock[] => [
  {
    type: 'context_actions',
    elements: [
      {
        type: 'feedback_buttons',
        action_id: action,
        positive_button: thumb('good', reply, locale),
        negative_button: thumb('bad', reply, locale),
      },
    ],
  },
]

const thumb = (verdict: 'good' | 'bad', reply: string, locale: Locale) => ({
  text: plain(sentence(said[verdict], locale)),
  accessibility_label: sentence(said[verdict], locale),
  value: `${verdict} ${reply}`,
})

/** What people say of an answer goes where what they say of it elsewhere goes; a bad one may get a reason. */
export function listenFeedback(app: App, parts: SlackParts): void {
  app.action<BlockAction>(action, async ({ ack, body, context, action: pressed }) => {
    await ack()
    const present = await presentPerson(parts, context)
    const [verdict, messageId] = 'value' in pressed ? String(pressed.value).split(' ') : []
    if (!present || (verdict !== 'good' && verdict !== 'bad') || messageId === undefined) return
    if (verdict === 'bad') await askWhy(parts, present, body.trigger_id, messageId)
    await judge(parts, present, { messageId, verdict }, body)
  })
  app.view(modal, async ({ ack, body, view, context }) => {
    await ack()
    const present = await presentPerson(parts, context)
    const comment = view.state.values['why']?.['why']?.value?.trim()
    if (!present || !comment) return
    await judge(parts, present, { messageId: view.private_metadata, verdict: 'bad', comment }, body)
  })
}

type Verdict = { readonly messageId: string; readonly verdict: 'good' | 'bad'; readonly comment?: string }
type Where = { readonly channel?: { readonly id: string }; readonly container?: unknown }

async function judge(parts: SlackParts, present: Present, verdict: Verdict, where: object): Promise<void> {
  const { who, workspace, slackUser } = present
  const text = await callAs(parts.core, who, 'agents.feedback.create', verdict).then(
    () => sentence(said.thanks, who.locale),
    (error: unknown) => refusalOf(error, who.locale),
  )
  const { channel, container } = where as Where
  const thread = (container as { thread_ts?: string } | undefined)?.thread_ts
  if (!channel) return
  const place = {
    workspace,
    channel: channel.id,
    isDirect: channel.id.startsWith('D'),
    ...(thread && { thread }),
  }
  await parts.out.ephemeral(place, slackUser, { text })
}

function refusalOf(error: unknown, locale: Locale): string {
  if (!(error instanceof Fault)) throw error
  return error.code === 'not_found' ? sentence(said.onlyOwn, locale) : error.sentence(locale)
}

const askWhy = (
  parts: SlackParts,
  { workspace, who: { locale } }: Present,
  trigger: string | undefined,
  messageId: string,
): Promise<void> =>
  openModal(parts, workspace, trigger, {
    type: 'modal',
    callback_id: modal,
    private_metadata: messageId,
    title: plain(sentence(said.whyTitle, locale), 24),
    submit: plain(sentence(said.sendReason, locale), 24),
    close: plain(sentence(said.cancel, locale), 24),
    blocks: [
      {
        type: 'input',
        block_id: 'why',
        label: plain(sentence(said.why, locale), 2_000),
        element: { type: 'plain_text_input', action_id: 'why', multiline: true, max_length: 1_000 },
      },
    ],
  })
