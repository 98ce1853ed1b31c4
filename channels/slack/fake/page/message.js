import { blocksHtml } from './blocks.js'
import { emoji, escape } from './text.js'

/** A message as a person sees it, with what can be done with it. */
export function messageHtml(message, channel, sight, names, isInThread = false) {
  const { ts, user, blocks = [], files = [], reactions = [], attachments = [] } = message
  const person = sight.people.find(({ id }) => id === user)
  const isRunning = message.streaming_state === 'in_progress'
  return `<article class="message${message.isOnlyForMe ? ' mine' : ''}" data-ts="${ts}" aria-label="${escape(person?.real_name)}">
    <div class="face" style="background:${colour(user)}" aria-hidden="true">${escape((person?.real_name ?? '?')[0])}</div>
    <div>
      ${message.isOnlyForMe ? '<p class="note">Only visible to you</p>' : ''}
      <div class="by"><strong>${escape(message.username ?? person?.real_name)}</strong>${person?.is_bot ? '<span class="badge">App</span>' : ''}${person?.is_stranger ? `<span class="badge">${escape(person.teamName)}</span>` : ''}${person?.is_restricted ? '<span class="badge">Guest</span>' : ''}
        <time>${clockTime(ts)}</time>${message.edited ? '<small>(edited)</small>' : ''}${message.streaming_state === 'errored' ? '<small>(cut off)</small>' : ''}</div>
      <div class="content${isRunning ? ' cursor' : ''}">${blocksHtml(blocks, names)}${attachments.map((one) => attachmentHtml(one, names)).join('')}${files.map(fileHtml).join('')}</div>
      ${reactions.length ? `<div class="reactions">${reactions.map((one) => `<span>${emoji(one.name)} ${one.count}</span>`).join('')}</div>` : ''}
      ${isInThread ? '' : repliesHtml(message, channel)}
    </div>${toolsHtml(message, sight, isInThread)}</article>`
}

function repliesHtml({ ts, reply_count: count }, channel) {
  const session = channel.sessions.find(({ threadTs }) => threadTs === ts)
  const isWorking = session && (session.words || session.status === 'processing')
  if (!count && !isWorking) return ''
  return `<button class="replies" data-open="${ts}">${count ? `${count} ${count === 1 ? 'reply' : 'replies'}` : 'Thread'}${isWorking ? ` · ${escape(session.words || 'working …')}` : ''}</button>`
}

function toolsHtml({ ts, user, isOnlyForMe }, { me, app }, isInThread) {
  const own =
    user === me ? `<button data-edit="${ts}">Edit</button><button data-remove="${ts}">Delete</button>` : ''
  const shortcuts = app.shortcuts.filter(({ type }) => type === 'message')
  const uses = shortcuts.map(
    (one) =>
      `<button data-shortcut="${escape(one.callback_id)}" data-ts="${ts}">${escape(one.name)}</button>`,
  )
  if (isOnlyForMe) return ''
  return `<div class="tools"><button data-react="${ts}" aria-label="React with eyes">React</button>${isInThread ? '' : `<button data-open="${ts}">Reply</button>`}${uses.join('')}${own}</div>`
}

const attachmentHtml = ({ text = '', title = '', blocks = [], from_url: url }, names) =>
  `<div class="attachment">${title ? `<strong>${escape(title)}</strong>` : ''}${escape(text)}${blocksHtml(blocks, names)}${url ? `<div class="note">${escape(url)}</div>` : ''}</div>`

const fileHtml = ({ title, name, size }) =>
  `<div class="card"><strong>${escape(title)}</strong> <span class="note">${escape(name)} · ${size} bytes</span></div>`

const clockTime = (ts) =>
  new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

const colours = ['#2d7d9a', '#7a4d9f', '#b0562c', '#3a7d44', '#a23b63', '#4a5d8f']
const colour = (id = '') =>
  colours[[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % colours.length]
