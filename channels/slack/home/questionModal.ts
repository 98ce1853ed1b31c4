import type { types } from '@slack/bolt'
import { sentence, type Locale } from '#core'
import { plain, shortened, words } from '../blockKit.ts'
import { said } from './sentences.ts'

export const questionModal = 'home.question'

/** Where the answer goes; it comes back with what was written. */
export interface Asked {
  readonly channel: string
  readonly thread?: string
}

/** `message` is what it is about, shown to the person; the agent reads it in its thread. */
export function askingView(asked: Asked, locale: Locale, message?: string): types.ModalView {
  return {
    type: 'modal',
    callback_id: questionModal,
    private_metadata: JSON.stringify(asked),
    title: plain(sentence(message === undefined ? said.askTitle : said.aboutThis, locale), 24),
    submit: plain(sentence(said.send, locale), 24),
    close: plain(sentence(said.cancel, locale), 24),
    blocks: [
      ...(message ? [quote(message)] : []),
      {
        type: 'input',
        block_id: 'question',
        label: plain(sentence(said.question, locale), 2_000),
        element: {
          type: 'plain_text_input',
          action_id: 'question',
          multiline: true,
          focus_on_load: true,
          max_length: 3_000,
        },
      },
    ],
  }
}

const quote = (text: string): types.RichTextBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_quote', elements: [words(shortened(text, 600))] }],
})
