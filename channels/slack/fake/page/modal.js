import { blocksHtml } from './blocks.js'
import { escape } from './text.js'

/** Shows the modal on top, or none; what a person filled in stays while it is the same modal. */
export function showModal(dialog, view, names, perform) {
  if (!view) return dialog.close()
  if (dialog.dataset.hash !== view.hash || dialog.dataset.view !== view.id) draw(dialog, view, names, perform)
  if (!dialog.open) dialog.showModal()
}

function draw(dialog, view, names, perform) {
  Object.assign(dialog.dataset, { hash: view.hash, view: view.id })
  const submit = view.submit
    ? `<button class="button primary" type="submit">${escape(view.submit.text)}</button>`
    : ''
  dialog.innerHTML = `<form method="dialog"><header><h2 id="modalTitle">${escape(view.title.text)}</h2></header>
    <div class="content">${blocksHtml(view.blocks, names)}</div>
    <footer><button class="button" type="button" data-dismiss>${escape(view.close?.text ?? 'Close')}</button>${submit}</footer></form>`
  const form = dialog.querySelector('form')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submitForm(form, view, perform)
  })
  form.addEventListener('click', ({ target }) => {
    if (target.dataset.dismiss !== undefined) perform('dismiss')
    else if (target.dataset.action)
      perform('pressInView', { actionId: target.dataset.action, answers: answersOf(form, view) })
  })
}

async function submitForm(form, view, perform) {
  for (const fault of form.querySelectorAll('.fault')) fault.textContent = ''
  const answer = await perform('submit', { answers: answersOf(form, view) })
  const errors = answer?.body?.response_action === 'errors' ? answer.body.errors : {}
  for (const [block, words] of Object.entries(errors)) {
    const place = form.querySelector(`[data-block="${CSS.escape(block)}"] .fault`)
    if (place) place.textContent = words
  }
}

/** Answers by block id: a text, an option's value, or the values of several. */
function answersOf(form, { blocks }) {
  const data = new FormData(form)
  const inputs = blocks.filter(({ type }) => type === 'input')
  return Object.fromEntries(
    inputs.flatMap(({ block_id: id, element: { type } }) => {
      const values = data.getAll(id).filter((value) => value !== '')
      const isSeveral = type === 'checkboxes' || type.startsWith('multi_')
      return values.length === 0 && !isSeveral ? [] : [[id, isSeveral ? values : values[0]]]
    }),
  )
}
