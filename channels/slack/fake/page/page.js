import { blocksHtml } from './blocks.js'
import { showModal } from './modal.js'
import { messageHtml } from './message.js'
import { escape } from './text.js'
import { workingHtml, writerHtml } from './writer.js'

/** What is looked at: who one is, in which channel, in which thread. The address remembers it. */
const look = Object.fromEntries(new URLSearchParams(location.hash.slice(1)))
const at = (id) => document.getElementById(id)
const seen = new Map()
let sight
const drafts = {}

const names = (id) => {
  const user = sight.people.find((one) => one.id === id)
  return escape(user?.name ?? sight.channels.find((one) => one.id === id)?.name ?? id)
}

export async function perform(act, more = {}) {
  const body = JSON.stringify({ act, as: sight.me, channel: look.channel, ...more })
  const answer = await fetch('/page/act', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  })
  const { ok, error, answer: said } = await answer.json()
  if (!ok) notice(error)
  else if (said?.failure)
    notice(`The app did not take it: ${said.failure}${said.status ? ` (HTTP ${said.status})` : ''}`)
  return said
}

function notice(words) {
  at('notice').textContent = words
  setTimeout(() => (at('notice').textContent = ''), 6000)
}

function go(changes) {
  Object.assign(look, changes)
  for (const [name, value] of Object.entries(look)) if (!value) delete look[name]
  history.replaceState(null, '', `#${new URLSearchParams(look)}`)
  return refresh()
}

async function refresh() {
  sight = await (await fetch(`/page/sight?as=${look.as ?? ''}`)).json()
  if (!sight.channels.some(({ id }) => id === look.channel)) look.channel = sight.channels[0]?.id
  document.body.dataset.pane = look.pane ?? 'places'
  drawPlaces()
  drawChannel()
  drawThread()
  showModal(at('modal'), sight.modals.at(-1), names, perform)
  document.body.dataset.ready = 'true'
}

function put(element, html) {
  if (element.dataset.html === html) return
  element.dataset.html = html
  element.innerHTML = html
}

const lock =
  '<svg width="11" height="13" viewBox="0 0 11 13"><path d="M2.5 6V4a3 3 0 0 1 6 0v2M1 6h9v6H1z" fill="none" stroke="currentColor" stroke-width="1.4"/></svg>'

function drawPlaces() {
  const current = sight.channels.find(({ id }) => id === look.channel)
  seen.set(current?.id, current?.messages.length)
  const entry = (channel) => {
    const unread = channel.messages.length - (seen.get(channel.id) ?? channel.messages.length)
    if (!seen.has(channel.id)) seen.set(channel.id, channel.messages.length)
    const mark = channel.kind === 'private' ? lock : channel.isShared ? '⇄' : '#'
    const name =
      channel.kind === 'im'
        ? otherName(channel)
        : `<span aria-hidden="true">${mark}</span> ${escape(channel.name)}`
    return `<button data-go="${channel.id}"${channel.id === look.channel ? ' aria-current="page"' : ''}>${name}${unread > 0 ? `<b>${unread}</b>` : ''}</button>`
  }
  const direct = sight.channels.filter(({ kind }) => kind === 'im' || kind === 'mpim')
  const people = sight.people.filter((one) => !one.is_bot)
  const options = people.map(
    (one) =>
      `<option value="${one.id}"${one.id === sight.me ? ' selected' : ''}>${escape(one.real_name)}${one.is_restricted ? ' (guest)' : ''} · ${escape(one.teamName)}</option>`,
  )
  put(
    at('places'),
    `<header><h1>${escape(sight.team.name)}</h1><label><span class="note" style="color:inherit">You are</span>
    <select id="me">${options.join('')}</select></label></header>
    <h2>Channels</h2>${sight.channels
      .filter((one) => !direct.includes(one))
      .map(entry)
      .join('')}
    <h2>Direct messages</h2>${direct.map(entry).join('')}
    <footer>${escape(sight.app.name)} is ${sight.app.isInstalled ? 'installed' : 'not installed'} here.
      ${sight.app.requestUrl || sight.app.usesSocketMode ? '' : '<br>It has no address for events yet.'}
      <br><button data-do="${sight.app.isInstalled ? 'uninstall' : 'install'}">${sight.app.isInstalled ? 'Uninstall' : 'Install'}</button></footer>`,
  )
}

const otherName = ({ members }) => names(members.find((id) => id !== sight.me) ?? sight.me)
const titleOf = (channel) => (channel.kind === 'im' ? otherName(channel) : `#${escape(channel.name)}`)
const withBot = (channel) => channel.kind === 'im' && channel.members.includes(sight.app.bot)

function drawChannel() {
  const channel = sight.channels.find(({ id }) => id === look.channel)
  if (!channel) return put(at('channel'), '<p class="empty">You are in no channel.</p>')
  const isHome = look.tab === 'home' && withBot(channel)
  const tabs =
    withBot(channel) && sight.app.hasHome
      ? `<div class="tabs"><button data-tab="home"${isHome ? ' aria-current="page"' : ''}>Home</button><button data-tab="messages"${isHome ? '' : ' aria-current="page"'}>Messages</button></div>`
      : ''
  const invite =
    channel.kind !== 'im' && sight.app.isInstalled && !channel.hasBot
      ? `<button class="button" data-do="invite">Add ${escape(sight.app.name)}</button>`
      : ''
  frame(
    at('channel'),
    `<button class="back" data-pane="places" aria-label="Channels">‹</button><h1>${titleOf(channel)}</h1><p>${escape(channel.topic)}</p>${tabs}${invite}`,
    isHome ? homeHtml() : messagesHtml(channel),
    isHome ? undefined : writerHtml(channel, '', sight, names, titleOf(channel)),
  )
}

const homeHtml = () =>
  `<div class="empty content" data-view="${sight.home?.id ?? ''}" style="color:inherit">${sight.home ? blocksHtml(sight.home.blocks, names) : 'The app has shown nothing here yet.'}</div>`

function messagesHtml(channel) {
  const roots = channel.messages.filter((one) => !one.thread_ts || one.thread_ts === one.ts)
  const prompts = channel.prompts?.prompts ?? []
  const list = roots.map((one) => messageHtml(one, channel, sight, names)).join('')
  return `${list || '<p class="empty">Nothing has been said here yet.</p>'}${roots.length < 2 && prompts.length ? `<div class="prompts">${prompts.map((one) => `<button data-prompt="${escape(one.message)}">${escape(one.title)}</button>`).join('')}</div>` : ''}`
}

function drawThread() {
  const channel = sight.channels.find(({ id }) => id === look.channel)
  const root = channel?.messages.find(({ ts }) => ts === look.thread)
  at('thread').hidden = !root
  if (!root) return
  const replies = channel.messages.filter((one) => one.thread_ts === root.ts && one.ts !== root.ts)
  const session = channel.sessions.find(({ threadTs }) => threadTs === root.ts)
  frame(
    at('thread'),
    `<h2>Thread</h2><p>${escape(session?.title || (channel.kind === 'im' ? '' : `#${channel.name}`))}</p><button class="button" data-close="thread" aria-label="Close thread">✕</button>`,
    [root, ...replies].map((one) => messageHtml(one, channel, sight, names, true)).join(''),
    workingHtml(session, sight) + writerHtml(channel, root.ts, sight, names, ''),
  )
}

/** Head, list and writer, each drawn only when it changed, so that nobody loses words or place. */
function frame(element, head, list, writer = '') {
  if (!element.querySelector('.list'))
    element.innerHTML =
      '<div class="head"></div><div class="list" tabindex="0"></div><div class="foot"></div>'
  put(element.querySelector('.head'), head)
  const place = element.querySelector('.list')
  const isAtEnd =
    place.scrollHeight - place.scrollTop - place.clientHeight < 80 ||
    element.dataset.shown !== `${look.channel} ${look.thread}`
  element.dataset.shown = `${look.channel} ${look.thread}`
  put(place, list)
  drawFoot(element, writer)
  if (isAtEnd) place.scrollTop = place.scrollHeight
}

function drawFoot(element, writer) {
  const foot = element.querySelector('.foot')
  if (foot.dataset.html === writer) return
  const draft = foot.querySelector('textarea')?.value ?? ''
  const hadFocus = foot.contains(document.activeElement)
  put(foot, writer)
  const area = foot.querySelector('textarea')
  if (area && drafts[element.id] === element.dataset.shown) area.value = draft
  if (area && hadFocus) area.focus()
  drafts[element.id] = element.dataset.shown
}

/** `@name` and `#channel` that a person writes become what Slack sends for them; the rest is escaped as Slack does. */
const encoded = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/@(\w+)/g, (all, name) => {
      const person = sight.people.find((one) => one.name === name.toLowerCase())
      return person ? `<@${person.id}>` : all
    })
    .replaceAll(/(https?:\/\/[^\s]+)/g, '<$1>')

async function send(form) {
  const text = form.elements.text.value.trim()
  if (!text) return
  form.elements.text.value = ''
  const command = sight.app.commands.find((one) => text.split(' ')[0] === one.command)
  if (command)
    return perform('command', { actionId: command.command, text: text.slice(command.command.length).trim() })
  await perform('say', { text: encoded(text), thread: form.dataset.thread })
  form.elements.text.focus()
}

const clicks = {
  go: (value) => go({ channel: value, thread: '', tab: '', pane: 'channel' }),
  pane: (value) => go({ pane: value }),
  tab: (value) => (perform('openHome', { text: value }), go({ tab: value })),
  open: (value) => go({ thread: value }),
  close: () => go({ thread: '' }),
  do: (value) => perform(value),
  stop: (value) => perform('stop', { ts: value }),
  shortcut: (value, { dataset }) => perform('shortcut', { actionId: value, ts: dataset.ts }),
  command: (value, element) => write(element, `${value} `),
  mention: (_, element) => write(element, `@${names(sight.app.bot)} `),
  prompt: (value) => perform('say', { text: encoded(value) }),
  remove: (value) => confirm('Delete this message?') && perform('remove', { ts: value }),
  edit: (value) => editMessage(value),
  react: (value) => perform('react', { ts: value, text: 'eyes' }),
  action: (value, element) => pressElement(value, element, element.dataset.answer || undefined),
}

function write(element, words) {
  const area = element.closest('form').elements.text
  area.value = words + area.value
  area.focus()
}

function editMessage(ts) {
  const message = sight.channels.flatMap(({ messages }) => messages).find((one) => one.ts === ts)
  const text = prompt('Edit message', message.text)
  if (text !== null) perform('edit', { ts, text })
}

function pressElement(actionId, element, answer) {
  const { confirm: question, url } = element.dataset
  if (question && !confirm(question)) return
  if (url) open(url, '_blank', 'noreferrer')
  const message = element.closest('.message')
  return message
    ? perform('press', { ts: message.dataset.ts, actionId, answer })
    : perform('pressInView', { actionId, answer })
}

document.addEventListener('click', (event) => {
  const element = event.target.closest('button')
  const name = Object.keys(clicks).find((one) => element?.dataset[one] !== undefined)
  if (name && !element.closest('dialog')) clicks[name](element.dataset[name], element)
})
document.addEventListener('change', ({ target }) => {
  if (target.id === 'me') go({ as: target.value, channel: '', thread: '' })
  else if (target.dataset.choice !== undefined && target.value !== '')
    pressElement(target.dataset.choice, target, target.value)
})
at('modal').addEventListener('cancel', (event) => {
  event.preventDefault()
  perform('dismiss')
})
document.addEventListener('submit', (event) => {
  if (!event.target.matches('.writer')) return
  event.preventDefault()
  send(event.target)
})
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || !event.target.matches('.writer textarea')) return
  event.preventDefault()
  event.target.form.requestSubmit()
})

let isDrawing = false
let isStale = false
/** Many changes at once are drawn once. */
async function follow() {
  isStale = true
  if (isDrawing) return
  isDrawing = true
  while (isStale) {
    isStale = false
    await refresh()
  }
  isDrawing = false
}
new EventSource('/page/changes').addEventListener('message', follow)
follow()
