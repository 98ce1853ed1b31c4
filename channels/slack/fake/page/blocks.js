import { escape, markdown, mrkdwn, wide } from './text.js'

/** Blocks of Block Kit as HTML. What can be pressed carries `data-action`; what can be chosen is a form's element. */
export const blocksHtml = (blocks, names) => blocks.map((block) => blockHtml(block, names)).join('')

const textHtml = (text, names) =>
  !text
    ? ''
    : text.type === 'mrkdwn'
      ? mrkdwn(text.text, names)
      : escape(text.text ?? text).replaceAll('\n', '<br>')

function blockHtml(block, names) {
  const render = renderers[block.type]
  return render ? render(block, names) : `<p class="note">[${escape(block.type)}]</p>`
}

const renderers = {
  actions: ({ elements }, names) =>
    `<div class="actions">${elements.map((one) => elementHtml(one, names)).join('')}</div>`,
  alert: ({ text }, names) => `<div class="card" role="note">${textHtml(text, names)}</div>`,
  card: cardHtml,
  carousel: ({ elements }, names) => elements.map((one) => cardHtml(one, names)).join(''),
  container: ({ title, child_blocks: children }, names) =>
    `<div class="card"><strong>${textHtml(title, names)}</strong>${blocksHtml(children, names)}</div>`,
  context: ({ elements }, names) =>
    `<div class="context">${elements.map((one) => (one.type === 'image' ? imageHtml(one) : `<span>${textHtml(one, names)}</span>`)).join('')}</div>`,
  context_actions: ({ elements }, names) =>
    `<div class="actions">${elements.map((one) => elementHtml(one, names)).join('')}</div>`,
  data_table: ({ rows, caption }) => wide(`<caption>${escape(caption)}</caption>${rowsHtml(rows)}`),
  divider: () => '<hr>',
  header: ({ text }, names) => `<h3>${textHtml(text, names)}</h3>`,
  image: (block) => imageHtml(block),
  input: inputHtml,
  markdown: ({ text }) => markdown(text),
  plan: ({ title, tasks = [] }, names) =>
    `<div class="card"><strong>${escape(title?.text ?? title)}</strong>${tasks.map((task) => taskHtml(task, names)).join('')}</div>`,
  rich_text: ({ elements }, names) => elements.map((one) => richHtml(one, names)).join(''),
  section: sectionHtml,
  table: ({ rows }) => wide(rowsHtml(rows)),
  task_card: (task, names) => `<div class="card">${taskHtml(task, names)}</div>`,
}

function sectionHtml({ text, fields = [], accessory }, names) {
  const parts = fields.map((field) => `<div>${textHtml(field, names)}</div>`).join('')
  return `<div class="section"><div>${textHtml(text, names)}${parts && `<div class="fields">${parts}</div>`}</div>${
    accessory ? `<div class="actions">${elementHtml(accessory, names)}</div>` : ''
  }</div>`
}

function cardHtml({ title, subtitle, body, actions = [] }, names) {
  const buttons = actions.map((one) => elementHtml(one, names)).join('')
  return `<div class="card"><strong>${textHtml(title, names)}</strong><div class="note">${textHtml(subtitle, names)}</div>
    <p>${textHtml(body, names)}</p><div class="actions">${buttons}</div></div>`
}

const taskHtml = ({ title, status = 'pending', details, output, sources = [] }, names) =>
  `<div class="task" data-status="${escape(status)}"><span>${escape(title)}</span>${[details, output].map((one) => (one ? `<div class="note">${blockHtml(one, names)}</div>` : '')).join('')}
   ${sources.map(({ url, text }) => `<a href="${escape(url)}">${escape(text)}</a>`).join(' ')}</div>`

/** Pictures are not fetched from anywhere: their words stand for them. */
const imageHtml = ({ alt_text: words }) =>
  `<span class="badge">Picture</span> <span class="note">${escape(words)}</span>`

const rowsHtml = (rows) =>
  rows
    .map(
      (row, index) =>
        `<tr>${row.map((cell) => `<${index ? 'td' : 'th'}>${cellHtml(cell)}</${index ? 'td' : 'th'}>`).join('')}</tr>`,
    )
    .join('')
const cellHtml = (cell) =>
  cell.type === 'rich_text' ? richHtml(cell, () => '') : escape(cell.text ?? cell.value)

function richHtml(element, names) {
  const inner = () => (element.elements ?? []).map((one) => richHtml(one, names)).join('')
  const kinds = {
    rich_text: inner,
    rich_text_section: () => `<div>${inner()}</div>`,
    rich_text_list: () =>
      `<ul>${element.elements.map((one) => `<li>${richHtml(one, names)}</li>`).join('')}</ul>`,
    rich_text_quote: () => `<blockquote>${inner()}</blockquote>`,
    rich_text_preformatted: () => `<pre>${inner()}</pre>`,
    text: () => styled(element),
    link: () =>
      /^https?:|^mailto:/.test(element.url)
        ? `<a href="${escape(element.url)}" rel="noreferrer" target="_blank">${escape(element.text ?? element.url)}</a>`
        : escape(element.text),
    user: () => `<span class="mention">@${names(element.user_id)}</span>`,
    channel: () => `<span class="mention">#${names(element.channel_id)}</span>`,
    broadcast: () => `<span class="mention">@${escape(element.range)}</span>`,
    emoji: () => `:${escape(element.name)}:`,
    date: () => `<time>${escape(shownDate(element))}</time>`,
  }
  return kinds[element.type]?.() ?? ''
}

/** Slack has a dozen forms of dates, in the reader's own language; here there is one. */
const shownDate = ({ timestamp }) =>
  new Date(timestamp * 1000).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })

function styled({ text, style = {} }) {
  const tags = { bold: 'strong', italic: 'em', strike: 's', code: 'code' }
  const used = Object.entries(tags)
    .filter(([name]) => style[name])
    .map(([, tag]) => tag)
  return used.reduce(
    (html, tag) => `<${tag}>${html}</${tag}>`,
    mrkdwn(text, () => ''),
  )
}

/** An element that acts at once: a button, or a choice. */
function elementHtml(element, names) {
  const { type, action_id: id, text, style = '', confirm, url } = element
  const asks = confirm
    ? ` data-confirm="${escape(`${confirm.title?.text ?? ''}\n\n${confirm.text?.text ?? ''}`.trim())}"`
    : ''
  const button = (words, value = '') =>
    `<button type="button" class="${escape(style)}" data-action="${escape(id)}" data-answer="${escape(value)}"${asks}${url ? ` data-url="${escape(url)}"` : ''}>${words}</button>`
  if (type === 'button' || type === 'icon_button' || type === 'workflow_button')
    return button(textHtml(text, names))
  if (type === 'feedback_buttons')
    return (
      button(`${textHtml(element.positive_button.text, names)}`, 'positive') +
      button(`${textHtml(element.negative_button.text, names)}`, 'negative')
    )
  if (type === 'image') return imageHtml(element)
  return fieldHtml(element, `data-choice="${escape(id)}"`)
}

function inputHtml({ label, element, hint, block_id: blockId, optional }) {
  const required = optional ? '' : ' required'
  return `<div data-block="${escape(blockId)}"><label for="${escape(blockId)}">${escape(label.text)}${optional ? ' <small class="note">(optional)</small>' : ''}</label>
    ${fieldHtml(element, `id="${escape(blockId)}" name="${escape(blockId)}"${required}`, blockId)}
    ${hint ? `<p class="note">${escape(hint.text)}</p>` : ''}<p class="fault" role="alert"></p></div>`
}

/** The form's element for an element of Block Kit. */
function fieldHtml(element, attributes, blockId = element.action_id) {
  const { type, placeholder, initial_value: value = '' } = element
  const hint = placeholder ? ` placeholder="${escape(placeholder.text)}"` : ''
  const options = optionsOf(element)
  if (type === 'checkboxes' || type === 'radio_buttons') return choicesHtml(element, options, blockId)
  if (type.endsWith('select') || type === 'overflow') {
    const first = element.initial_option?.value
    const words = escape(placeholder?.text ?? 'Choose')
    return `<select ${attributes} aria-label="${words}"${type.startsWith('multi') ? ' multiple' : ''}><option value="">${words}</option>${options.map((one) => `<option value="${escape(one.value)}"${one.value === first ? ' selected' : ''}>${escape(one.text.text)}</option>`).join('')}</select>`
  }
  if (type === 'plain_text_input' && element.multiline)
    return `<textarea rows="4" ${attributes}${hint}>${escape(value)}</textarea>`
  const kinds = {
    datepicker: 'date',
    timepicker: 'time',
    email_text_input: 'email',
    url_text_input: 'url',
    number_input: 'number',
  }
  return `<input type="${kinds[type] ?? 'text'}" ${attributes}${hint} value="${escape(value || element.initial_date || '')}">`
}

const optionsOf = ({ options = [], option_groups: groups = [] }) => [
  ...options,
  ...groups.flatMap((group) => group.options),
]

function choicesHtml({ type, initial_options: several = [], initial_option: one }, options, name) {
  const kind = type === 'checkboxes' ? 'checkbox' : 'radio'
  const isFirst = ({ value }) => [...several, one].some((first) => first?.value === value)
  return `<div class="choices">${options.map((option) => `<label><input type="${kind}" name="${escape(name)}" value="${escape(option.value)}" ${isFirst(option) ? 'checked' : ''}> ${escape(option.text.text)}</label>`).join('')}</div>`
}
