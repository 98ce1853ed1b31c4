import { sentence, type Locale } from '#core'
import { line, moment, plain, remark, richText, words, type KnownBlock } from '../blockKit.ts'
import type { Approval, Field } from './approval.ts'
import { said } from './sentences.ts'

/** What the buttons of a card are called; their value is the id of the approval, and nothing else. */
export const actions = {
  approve: 'approvals.approve',
  edit: 'approvals.edit',
  reject: 'approvals.reject',
  always: 'approvals.always',
  open: 'approvals.open',
} as const

/** Characters of all values together; beyond it nobody reads a message, and Slack takes none. */
const mostText = 6_000

/** An approval that waits: what, exactly how, for whom, until when, and the buttons. */
export function cardOf(approval: Approval, locale: Locale, address: string): KnownBlock[] {
  const { id, summary, fields } = approval
  const isWhole = fields.reduce((sum, { value, before }) => sum + value.length + (before?.length ?? 0), 0) <= mostText // prettier-ignore
  const lines = [line(words(summary, { bold: true })), ...(isWhole ? fields.map(lineOf) : [])]
  const remarks = [
    approval.untrusted && sentence(said.untrusted, locale),
    approval.parked && sentence(said.parked, locale),
    !isWhole && sentence(said.tooLong, locale),
  ]
  return [
    richText(lines, `approval:${id}:pending`),
    richText([forWhom(approval, locale)]),
    ...remarks.filter((text) => text !== false).map(remark),
    { type: 'actions', elements: buttons(approval, locale, address, isWhole) },
  ]
}

/** Exactly what will be used; a change shows what stands there now. */
export function lineOf({ label, value, before, sink }: Field) {
  const exact = sink === null ? words(value) : words(value, { code: true })
  const was = before === null ? [] : [words(before, { strike: true }), words(' → ')]
  return line(words(`${label}: `), ...was, exact)
}

const forWhom = ({ agentName, personName, expiresAt }: Approval, locale: Locale) =>
  line(
    words(`${sentence(said.forWhom, locale, { agent: agentName, person: personName })} `, { italic: true }),
    moment(expiresAt),
  )

type Button = Extract<Extract<KnownBlock, { type: 'actions' }>['elements'][number], { type: 'button' }>

function buttons(approval: Approval, locale: Locale, address: string, isWhole: boolean): Button[] {
  const { id, effect, title, summary } = approval
  const button = (action: 'approve' | 'edit' | 'reject' | 'always', more: Partial<Button> = {}): Button => ({
    type: 'button',
    action_id: actions[action],
    value: id,
    text: plain(sentence(said[action], locale)),
    accessibility_label: plain(`${sentence(said[action], locale)}: ${summary}`).text,
    ...more,
  })
  const yes: Partial<Button> =
    effect === 'destroy'
      ? { style: 'danger', confirm: confirmation(title, summary, locale) }
      : { style: 'primary' }
  const mayApprove = isWhole && !approval.parked
  return [
    ...(mayApprove ? [button('approve', yes)] : []),
    ...(mayApprove && approval.editableFields.length > 0 ? [button('edit')] : []),
    button('reject'),
    ...(mayApprove && approval.alwaysFields.length > 0 ? [button('always')] : []),
    openButton(id, locale, address),
  ]
}

const confirmation = (title: string, summary: string, locale: Locale): NonNullable<Button['confirm']> => ({
  title: plain(sentence(said.sure, locale), 100),
  text: plain(summary, 300),
  confirm: plain(title, 30),
  deny: plain(sentence(said.back, locale), 30),
  style: 'danger',
})

/** Everything else that can be done with it, and the whole of it, is in the dashboard. */
export const openButton = (id: string, locale: Locale, address: string): Button => ({
  type: 'button',
  action_id: actions.open,
  text: plain(sentence(said.open, locale)),
  url: `${address}/approvals?id=${id}`,
})
