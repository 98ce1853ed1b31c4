import type { App } from '@slack/bolt'
import { askAboutThis, slashCommand } from '../install/needs.ts'
import type { SlackParts } from '../parts.ts'
import { presentPerson, type Present } from '../present.ts'
import { askAloud, type Answering } from './ask.ts'
import { openModal } from './modal.ts'
import { askingView, questionModal, type Asked } from './questionModal.ts'

/** The command, the shortcut on a message, and the modal in which both ask what they are to ask. */
export function listenQuestions(app: App, parts: SlackParts, answer: Answering): void {
  app.command(slashCommand, async ({ ack, command, context }) => {
    await ack()
    const present = await presentPerson(parts, context)
    if (!present) return
    const { channel_id: channel, team_id: team, trigger_id: trigger } = command
    const text = command.text.trim()
    if (text === '') return openQuestion(parts, present, trigger, { channel })
    const key = `command:${String(context['delivery'])}`
    await askAloud(parts, answer, { present, team, channel, text, key })
  })

  app.shortcut({ type: 'message_action', callback_id: askAboutThis }, async ({ ack, shortcut, context }) => {
    await ack()
    const present = await presentPerson(parts, context)
    if (!present) return
    const { message, channel, trigger_id: trigger } = shortcut
    const thread = String(message['thread_ts'] ?? message.ts)
    await openQuestion(parts, present, trigger, { channel: channel.id, thread }, message.text ?? '')
  })

  app.view(questionModal, async ({ ack, body, view, context }) => {
    await ack()
    const present = await presentPerson(parts, context)
    const text = view.state.values['question']?.['question']?.value?.trim()
    if (!present || !text) return
    const { channel, thread } = JSON.parse(view.private_metadata) as Asked
    await askAloud(parts, answer, {
      present,
      team: body.user.team_id ?? body.team?.id ?? '',
      channel,
      text,
      key: `modal:${view.id}`,
      ...(thread !== undefined && { thread }),
    })
  })
}

const openQuestion = (
  parts: SlackParts,
  { workspace, who }: Present,
  trigger: string | undefined,
  asked: Asked,
  message?: string,
): Promise<void> => openModal(parts, workspace, trigger, askingView(asked, who.locale, message))
