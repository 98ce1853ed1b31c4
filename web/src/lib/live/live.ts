import { api } from '#lib/api/client.ts'
import { isPassing } from '#lib/api/errors.ts'
import { backOff, socketAddress } from './connection.ts'

type Told = {
  type: string
  topics?: readonly string[]
  id?: string
  event?: string
  subject?: string
  last?: string
  reconnectAfter?: number
}

type Follower = { topics: readonly string[]; changed: () => void; isNew: boolean }

/** Milliseconds in which what happens is gathered, and between two looks where much happens. */
const gathered = 150
const apart = 1_500
/** Milliseconds before what could not be read is read again. */
const unread = 3_000
/** Milliseconds after which a socket that nobody follows by is closed, and between two signs of life. */
const linger = 10_000
const heartbeat = 25_000

const followers = new Set<Follower>()
let socket: WebSocket | undefined
let opening = false
/** Where this tab has come to: what it resumes from when the connection breaks. */
let last: string | undefined
let failures = 0
let answered = true
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Calls `look` soon after something of these topics has happened, in this tab or anywhere else, while the reader sees the
 * page; else when they come back to it. One look ends before the next begins, so that an older answer never comes last,
 * and one that fails for the moment is repeated. One socket carries all topics of a tab. Answers how to stop.
 */
export function follow(topics: readonly string[], look: () => unknown): () => void {
  let due = false
  let looking = false
  let looked = 0
  let waiting: ReturnType<typeof setTimeout> | undefined
  const lookSoon = (least = gathered) => {
    if (!due || looking || !followers.has(follower)) return
    waiting ??= setTimeout(lookIfSeen, Math.max(least, looked + apart - Date.now()))
  }
  const lookIfSeen = async () => {
    waiting = undefined
    if (document.visibilityState !== 'visible') return
    due = false
    looking = true
    looked = Date.now()
    const failed = await Promise.resolve()
      .then(look)
      .then(() => false, isPassing)
    looking = false
    due ||= failed
    lookSoon(failed ? unread : gathered)
  }
  const changed = () => {
    due = true
    lookSoon()
  }
  const onSeen = () => {
    if (due && !waiting && !looking) void lookIfSeen()
  }
  const follower: Follower = { topics, changed, isNew: true }
  followers.add(follower)
  document.addEventListener('visibilitychange', onSeen)
  if (socket?.readyState === WebSocket.OPEN) subscribe(topics)
  else void open()
  return () => {
    clearTimeout(waiting)
    document.removeEventListener('visibilitychange', onSeen)
    followers.delete(follower)
    setTimeout(closeIfIdle, linger)
  }
}

async function open() {
  if (opening || socket || followers.size === 0) return
  opening = true
  clearTimeout(timer)
  try {
    const { ticket } = await api<{ ticket: string }>('/realtime/ticket', { method: 'POST', body: {} })
    listen(new WebSocket(socketAddress(location), ['tekup.live', `ticket.${ticket}`]))
  } catch {
    again(backOff(++failures))
  } finally {
    opening = false
  }
}

function listen(opened: WebSocket) {
  socket = opened
  let wait: number | undefined
  const signs = setInterval(() => giveSign(opened), heartbeat)
  opened.onopen = () => {
    failures = 0
    answered = true
    subscribe([...new Set([...followers].flatMap(({ topics }) => topics))], last)
  }
  opened.onmessage = ({ data }) => {
    answered = true
    const told = JSON.parse(String(data)) as Told
    wait = told.reconnectAfter ?? wait
    hear(told)
  }
  opened.onclose = () => {
    clearInterval(signs)
    if (socket === opened) socket = undefined
    again(wait ?? backOff(++failures))
  }
}

function hear({ type, topics: followed, id, event, subject, last: position }: Told) {
  if (type === 'subscribed') {
    last ??= position
    welcome(followed ?? [])
  }
  if (type === 'reset') {
    last = position
    tellAll()
  }
  if (type !== 'event' || !event) return
  last = id ?? last
  const resource = event.slice(0, event.lastIndexOf('.'))
  for (const { topics, changed } of followers)
    if (topics.includes(resource) || topics.includes(`${resource}/${subject}`)) changed()
}

/** What a page read before its topics were followed may have changed in between: it looks once more. */
function welcome(followed: readonly string[]) {
  for (const follower of followers) {
    if (!follower.isNew || !follower.topics.some((topic) => followed.includes(topic))) continue
    follower.isNew = false
    follower.changed()
  }
}

function tellAll() {
  for (const { changed } of followers) changed()
}

function subscribe(topics: readonly string[], from?: string) {
  if (topics.length === 0) return
  socket?.send(JSON.stringify({ type: 'subscribe', topics, ...(from !== undefined && { last: from }) }))
}

/** The browser answers the server's questions by itself, but tells nobody when there are none any more. */
function giveSign(opened: WebSocket) {
  if (!answered) return opened.close()
  answered = false
  if (opened.readyState === WebSocket.OPEN) opened.send('{"type":"ping"}')
}

function again(wait: number) {
  if (followers.size === 0) return
  clearTimeout(timer)
  timer = setTimeout(() => void open(), wait)
}

function closeIfIdle() {
  if (followers.size === 0) socket?.close(1000)
}
