import type { types } from '@slack/bolt'
import { sentence, type Locale } from '#core'
import { line, plain, remark, richText, words } from '../blockKit.ts'
import type { Field } from './approval.ts'
import { lineOf } from './card.ts'
import { blockOf, fits, type EditField } from './editFields.ts'
import { said } from './sentences.ts'

export const editModal = 'approvals.editing'

/** What may be changed of a question, and what stays, as `platform.approvals.form` answers it. */
export interface EditForm {
  readonly title: string
  readonly fields: readonly EditField[]
  readonly fixed: readonly Field[]
}

/** Which question it is, and where its card stands; it comes back with what was written. */
export interface Editing {
  readonly id: string
  readonly channel?: string
  readonly thread?: string
}

/** Fields of a modal, beside the few blocks of our own; Slack takes a hundred. */
const mostFields = 90

/** The form in which a person changes what they approve. What it cannot hold whole is changed in TekUp. */
export function editView({ fields, fixed }: EditForm, editing: Editing, locale: Locale): types.ModalView {
  const shown = fields.filter(fits).slice(0, mostFields)
  if (shown.length === 0) return noticeView(sentence(said.editElsewhere, locale), locale)
  return {
    type: 'modal',
    callback_id: editModal,
    private_metadata: JSON.stringify(editing),
    title: plain(sentence(said.editTitle, locale), 24),
    submit: plain(sentence(said.editSend, locale), 24),
    close: plain(sentence(said.back, locale), 24),
    blocks: [
      ...(fixed.length > 0 ? [richText(fixed.map(lineOf))] : []),
      ...shown.map((field) => blockOf(field, locale)),
      remark(sentence(said.editLead, locale)),
    ],
  }
}

/** Why nothing came of it, where the form stood. */
export const noticeView = (text: string, locale: Locale): types.ModalView => ({
  type: 'modal',
  title: plain(sentence(said.editTitle, locale), 24),
  close: plain(sentence(said.close, locale), 24),
  blocks: [richText([line(words(text))])],
})
