import { anything, byType, fault, isFields, listOf, objectOf, oneOf, string, type Shape } from './shapes.ts'

export const plain = (max: number): Shape =>
  objectOf({ 'type!': oneOf('plain_text'), 'text!': string(max), emoji: anything })

export const anyText = (max: number): Shape =>
  objectOf({
    'type!': oneOf('plain_text', 'mrkdwn'),
    'text!': string(max),
    emoji: anything,
    verbatim: anything,
  })

const confirm = objectOf({
  title: plain(100),
  'text!': anyText(300),
  confirm: plain(30),
  deny: plain(30),
  style: oneOf('primary', 'danger'),
})

const option = (texts: Shape): Shape =>
  objectOf({ 'text!': texts, 'value!': string(150), description: anyText(75), url: string(3000) })
const plainOption = option(plain(75))
const group = objectOf({ 'label!': plain(75), 'options!': listOf(plainOption, 100) })

const id = string(255)
const acts = { type: anything, action_id: id, confirm, focus_on_load: anything }
const holds = { ...acts, placeholder: plain(150) }
const answerOf = { text: plain(75), value: string(2000), accessibility_label: string(75) }
const feedback = objectOf({
  'text!': answerOf.text,
  'value!': answerOf.value,
  accessibility_label: answerOf.accessibility_label,
})

const several = { max_selected_items: anything }
const selects = (name: string, fields: Record<string, Shape>): Record<string, Shape> => ({
  [name]: objectOf({ ...holds, ...fields }),
  [`multi_${name}`]: objectOf({ ...holds, ...fields, ...several }),
})

const shapes: Readonly<Record<string, Shape>> = {
  button: objectOf({
    ...acts, 'text!': plain(75), value: string(2000), url: string(3000), style: oneOf('primary', 'danger'),
    accessibility_label: string(75), visible_to_user_ids: anything,
  }), // prettier-ignore
  feedback_buttons: objectOf({ ...acts, 'positive_button!': feedback, 'negative_button!': feedback }),
  icon_button: objectOf({
    ...acts, 'icon!': oneOf('trash'), 'text!': plain(75), value: string(2000), accessibility_label: string(75),
    visible_to_user_ids: anything,
  }), // prettier-ignore
  workflow_button: objectOf({
    ...acts, 'text!': plain(75), 'workflow!': anything, style: oneOf('primary', 'danger'),
    accessibility_label: string(75),
  }), // prettier-ignore
  checkboxes: objectOf({ ...acts, 'options!': listOf(option(anyText(75)), 10), initial_options: anything }),
  radio_buttons: objectOf({ ...acts, 'options!': listOf(option(anyText(75)), 10), initial_option: anything }),
  overflow: objectOf({ ...acts, 'options!': listOf(plainOption, 5) }),
  ...selects('static_select', {
    options: listOf(plainOption, 100), option_groups: listOf(group, 100), initial_option: anything,
    initial_options: anything,
  }), // prettier-ignore
  ...selects('external_select', {
    min_query_length: anything,
    initial_option: anything,
    initial_options: anything,
  }),
  ...selects('users_select', { initial_user: anything, initial_users: anything }),
  ...selects('conversations_select', {
    initial_conversation: anything, initial_conversations: anything, filter: anything,
    default_to_current_conversation: anything, response_url_enabled: anything,
  }), // prettier-ignore
  ...selects('channels_select', {
    initial_channel: anything, initial_channels: anything, response_url_enabled: anything,
  }), // prettier-ignore
  datepicker: objectOf({ ...holds, initial_date: string(10) }),
  timepicker: objectOf({ ...holds, initial_time: string(5), timezone: anything }),
  datetimepicker: objectOf({ ...acts, initial_date_time: anything }),
  plain_text_input: objectOf({
    ...holds, initial_value: string(3000, 0), multiline: anything, min_length: anything, max_length: anything,
    dispatch_action_config: anything,
  }), // prettier-ignore
  email_text_input: objectOf({ ...holds, initial_value: anything, dispatch_action_config: anything }),
  url_text_input: objectOf({ ...holds, initial_value: anything, dispatch_action_config: anything }),
  number_input: objectOf({
    ...holds, 'is_decimal_allowed!': anything, initial_value: anything, min_value: anything, max_value: anything,
    dispatch_action_config: anything,
  }), // prettier-ignore
  rich_text_input: objectOf({
    ...holds, initial_value: anything, min_lines: anything, max_lines: anything, dispatch_action_config: anything,
  }), // prettier-ignore
  file_input: objectOf({ ...acts, filetypes: anything, max_files: anything }),
  image: picture({ type: anything }),
}

export function picture(more: Readonly<Record<string, Shape>>): Shape {
  const fields = objectOf({
    image_url: string(3000),
    slack_file: anything,
    'alt_text!': string(2000),
    ...more,
  })
  return (value, pointer, report) => {
    fields(value, pointer, report)
    if (isFields(value) && !value['image_url'] && !value['slack_file'])
      fault(report, `${pointer}/image_url`, 'missing_field', 'missing required field: image_url')
  }
}

const inputs = Object.keys(shapes).filter((type) => type.endsWith('_input'))
const choices = Object.keys(shapes).filter((type) =>
  /select$|picker$|^checkboxes$|^radio_buttons$/.test(type),
)

export const input = byType(() => shapes, [...inputs, ...choices])
export const action = byType(
  () => shapes,
  ['button', 'workflow_button', 'overflow', 'rich_text_input', ...choices],
)
export const accessory = byType(() => shapes, ['image', 'button', 'workflow_button', 'overflow', ...choices])
export const contextAction = byType(() => shapes, ['feedback_buttons', 'icon_button'])

export const contextElement = byType(() => ({
  image: shapes['image']!,
  mrkdwn: anyText(3000),
  plain_text: anyText(3000),
}))
