import {
  accessory,
  action,
  anyText,
  contextAction,
  contextElement,
  input,
  picture,
  plain,
} from './elements.ts'
import { anything, byType, fault, isFields, listOf, objectOf, oneOf, string, type Shape, type Surface } from './shapes.ts' // prettier-ignore

const every = { type: anything, block_id: string(255) }
const taskStatus = oneOf('pending', 'in_progress', 'complete', 'error')
const sources = listOf(
  objectOf({ 'type!': oneOf('url'), 'url!': string(3000), 'text!': string(3000) }),
  100,
  0,
)
const taskCard = objectOf({
  ...every, 'task_id!': string(255), 'title!': string(255), status: taskStatus, details: anything, output: anything,
  sources,
}) // prettier-ignore
const card = objectOf({
  ...every, title: anyText(150), subtitle: anyText(150), body: anyText(200), hero_image: anything, icon: anything,
  slack_icon: anything, subtext: anyText(200), actions: listOf(action, 3),
}) // prettier-ignore

/** Every block with its limits (docs.slack.dev/reference/block-kit/blocks). */
const blocks: Readonly<Record<string, Shape>> = {
  actions: objectOf({ ...every, 'elements!': listOf(action, 25) }),
  alert: objectOf({ ...every, 'text!': anyText(200), level: anything }),
  call: objectOf({ ...every, 'call_id!': anything, call: anything }),
  card,
  carousel: objectOf({ ...every, 'elements!': listOf(card, 10) }),
  container: objectOf({
    ...every, title: anyText(150), subtitle: anyText(150), icon: anything, width: anything, is_collapsible: anything,
    default_collapsed: anything, rich_text_title: anything, has_header_divider: anything, 'child_blocks!': listOf(byType(() => blocks), 10),
  }), // prettier-ignore
  context: objectOf({ ...every, 'elements!': listOf(contextElement, 10) }),
  context_actions: objectOf({ ...every, 'elements!': listOf(contextAction, 5) }),
  data_table: objectOf({
    ...every, 'caption!': string(1000), 'rows!': listOf(listOf(anything, 20), 201), page_size: anything,
    row_header_column_index: anything,
  }), // prettier-ignore
  data_visualization: objectOf({ ...every, 'title!': anything, 'chart!': anything }),
  divider: objectOf(every),
  file: objectOf({ ...every, external_id: anything, source: anything, file_id: anything, file: anything }),
  header: objectOf({ ...every, 'text!': plain(150), level: anything }),
  image: picture({ ...every, title: plain(2000) }),
  input: objectOf({
    ...every, 'label!': plain(2000), 'element!': input, hint: plain(2000), optional: anything, dispatch_action: anything,
  }), // prettier-ignore
  markdown: objectOf({ ...every, 'text!': string(12_000) }),
  plan: objectOf({ ...every, 'title!': anything, tasks: listOf(taskCard, 50, 0) }),
  rich_text: objectOf({ ...every, 'elements!': listOf(anything, 1000, 0) }),
  section: section(),
  table: objectOf({ ...every, 'rows!': listOf(listOf(anything, 20), 100), column_settings: anything }),
  task_card: taskCard,
  video: objectOf({
    ...every, 'alt_text!': string(2000), 'title!': plain(200), 'thumbnail_url!': string(3000),
    'video_url!': string(3000), author_name: string(50), description: plain(200), provider_icon_url: anything,
    provider_name: anything, title_url: anything,
  }), // prettier-ignore
}

function section(): Shape {
  const fields = objectOf({
    ...every, text: anyText(3000), fields: listOf(anyText(2000), 10), accessory, expand: anything,
  }) // prettier-ignore
  return (value, pointer, report) => {
    fields(value, pointer, report)
    if (isFields(value) && !value['text'] && !value['fields'])
      fault(report, `${pointer}/text`, 'missing_field', 'missing required field: text')
  }
}

const onlyIn: Readonly<Record<string, Surface>> = {
  alert: 'modal',
  carousel: 'message',
  context_actions: 'message',
  data_table: 'message',
  data_visualization: 'message',
  markdown: 'message',
  plan: 'message',
  table: 'message',
  task_card: 'message',
}

export const block: Shape = (value, pointer, report) => {
  const type = isFields(value) ? String(value['type']) : ''
  if (onlyIn[type] && onlyIn[type] !== report.surface)
    fault(report, `${pointer}/type`, 'unsupported_type', `unsupported type: ${type}`)
  else byType(() => blocks)(value, pointer, report)
}
