import type { Block, Fields } from './state.ts'

/** What a person filled in: by block and action, as Slack's `state.values` has it. */
export type Answers = Readonly<Record<string, unknown>>

/** State of a view in which a person answered, by block id or by action id; what was not answered has its first value. */
export function valuesOf(content: Fields, answers: Answers): Record<string, Fields> {
  const blocks = (content['blocks'] ?? []) as readonly Block[]
  return Object.fromEntries(
    blocks.flatMap((block) => {
      const elements = elementsOf(block).filter(({ type }) => !withoutState.has(String(type)))
      const values = elements.map((element) => [
        String(element['action_id']),
        valueOf(element, answers[String(block['block_id'])] ?? answers[String(element['action_id'])]),
      ])
      return values.length > 0 ? [[String(block['block_id']), Object.fromEntries(values) as Fields]] : []
    }),
  )
}

const withoutState = new Set(['button', 'overflow', 'image', 'icon_button', 'feedback_buttons', 'workflow_button', 'mrkdwn', 'plain_text']) // prettier-ignore

export function elementsOf(block: Block): readonly Fields[] {
  const found = [block['element'], block['accessory'], ...((block['elements'] ?? []) as readonly Fields[])]
  return found.filter((one): one is Fields => typeof one === 'object' && one !== null && 'type' in one)
}

/** The field in which each element holds its value, and the one it begins with. */
const fieldOf: readonly [RegExp, string, string][] = [
  [/^multi_(static|external)_select$|^checkboxes$/, 'selected_options', 'initial_options'],
  [/_select$|^radio_buttons$/, 'selected_option', 'initial_option'],
  [/^datepicker$/, 'selected_date', 'initial_date'],
  [/^timepicker$/, 'selected_time', 'initial_time'],
  [/^datetimepicker$/, 'selected_date_time', 'initial_date_time'],
]
const picked: readonly [RegExp, string, string][] = [
  [/^multi_users_select$/, 'selected_users', 'initial_users'],
  [/^users_select$/, 'selected_user', 'initial_user'],
  [/^multi_conversations_select$/, 'selected_conversations', 'initial_conversations'],
  [/^conversations_select$/, 'selected_conversation', 'initial_conversation'],
  [/^multi_channels_select$/, 'selected_channels', 'initial_channels'],
  [/^channels_select$/, 'selected_channel', 'initial_channel'],
  ...fieldOf,
]

export function valueOf(element: Fields, answer: unknown): Fields {
  const type = String(element['type'])
  const [, field, initial] = picked.find(([pattern]) => pattern.test(type)) ?? [/./, 'value', 'initial_value']
  const value =
    answer === undefined ? (element[initial] ?? (field === 'selected_options' ? [] : null)) : answer
  return { type, [field]: answer === undefined ? value : chosen(element, field, value) }
}

/** An option may be named by its value alone. */
function chosen(element: Fields, field: string, answer: unknown): unknown {
  if (field === 'selected_option') return optionOf(element, answer)
  if (field === 'selected_options') return (answer as unknown[]).map((one) => optionOf(element, one))
  return answer
}

function optionOf(element: Fields, answer: unknown): unknown {
  if (typeof answer === 'object') return answer
  const groups = (element['option_groups'] ?? []) as { options: Fields[] }[]
  const options = [...((element['options'] ?? []) as Fields[]), ...groups.flatMap(({ options }) => options)]
  return (
    options.find(({ value }) => value === answer) ?? {
      value: answer,
      text: { type: 'plain_text', text: String(answer) },
    }
  )
}
