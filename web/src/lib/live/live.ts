import { api } from '#lib/api/client.ts'
import { backOff, socketAddress } from './connection.ts'

type Told = {
  type: string
  id?: string
  event?: string
  subject?: string
  last?: string
  reconnectAfter?: number
}

type Follower = { topics: readonly string[]; changed: () => void }

/** Milliseconds in which what happens is gathered, and between two looks where much happens. */
const gathered = 150
const apart = 1_500
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
 * page; else when they come back to it. One socket carries all topics of a tab. Answers how to stop.
 */
export function follow(topics: readonly string[], look: () => void): () => void {
  let due = false
  let looked = 0
  let waiting: ReturnType<typeof setTimeout> | undefined
  const lookIfSeen = () => {
    waiting = undefined
    if (document.visibilityState !== 'visible') return
    due = false
    looked = Date.now()
    look()
  }
  const changed = () => {
    due = true
    waiting ??= setTimeout(lookIfSeen, Math.max(gathered, looked + apart - Date.now()))
  }
  const onSeen = () => {
    if (due && !waiting) lookIfSeen()
  }
  const follower = { topics, changed }
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
    const known = last
    subscribe([...new Set([...followers].flatMap(({ topics }) => topics))], known)
    // Whoever does not know where they were has missed what happened meanwhile.
    if (known === undefined) tellAll()
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

function hear({ type, id, event, subject, last: position }: Told) {
  if (type === 'subscribed') last ??= position
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
