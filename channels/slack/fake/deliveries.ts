import type { App } from './app.ts'
import type { FakeClock } from './clock.ts'
import { sendByHttp } from './httpDelivery.ts'
import type { Sockets } from './socketMode.ts'
import type { Fields } from './state.ts'

export type DeliveryKind = 'events_api' | 'interactive' | 'slash_commands'

/** One thing that the app is told, and which try it is. */
export interface Delivery {
  readonly kind: DeliveryKind
  readonly payload: Fields
  readonly attempt: number
  readonly reason?: string
}

/** What the app made of it: `failure` is Slack's word for why it counts as not taken. */
export interface Answer {
  readonly status?: number
  readonly body?: unknown
  readonly failure?: string
  readonly noRetry?: boolean
}

export interface Deliveries {
  /** Tells the app of an event, again when it does not take it: at once, after a minute, after five. */
  event(payload: Fields): void
  /** Tells the app what a person did, once, and answers what it said within its time. */
  ask(kind: 'interactive' | 'slash_commands', payload: Fields): Promise<Answer>
  duplicateNext(): void
  /** The next event waits until the one after it has been sent. */
  reorderNext(): void
  /** Resolves when nothing is under way; retries that wait for their minute are not. */
  settled(): Promise<void>
  readonly log: readonly Delivered[]
}

export interface Delivered {
  readonly delivery: Delivery
  readonly answer: Answer
  /** Milliseconds until the app had answered. */
  readonly took: number
}

const retryAfter = [0, 60_000, 300_000]
const hour = 3600_000

interface DeliveryLimits {
  readonly perHour: number
  /** Milliseconds that the app gets for each. */
  readonly patience: number
}

export function createDeliveries(
  app: App,
  clock: FakeClock,
  sockets: Sockets,
  { perHour, patience }: DeliveryLimits,
): Deliveries {
  const underWay = new Set<Promise<unknown>>()
  const log: Delivered[] = []
  const sentAt: number[] = []
  let rateLimitedMinute = 0
  let toDuplicate = 0
  let toHold = 0
  let held: Fields | undefined

  async function attempt(delivery: Delivery): Promise<Answer> {
    const sent = performance.now()
    const answer = await withinPatience(send(delivery))
    log.push({ delivery, answer, took: performance.now() - sent })
    return answer
  }

  function send(delivery: Delivery): Promise<Answer> {
    if (app.usesSocketMode) return sockets.send(delivery)
    return app.requestUrl === undefined
      ? Promise.resolve({ failure: 'connection_failed', noRetry: true })
      : sendByHttp(app.requestUrl, app.signingSecret, delivery)
  }

  function withinPatience(work: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve) => {
      const callOff = clock.after(patience, () => resolve({ failure: 'http_timeout' }))
      void work.then((answer) => (callOff(), resolve(answer)))
    })
  }

  function track(work: Promise<unknown>): void {
    const done = work.finally(() => underWay.delete(done))
    underWay.add(done)
  }

  async function deliver(payload: Fields, number = 0, reason?: string): Promise<void> {
    const delivery: Delivery = { kind: 'events_api', payload, attempt: number, ...(reason && { reason }) }
    const { failure, noRetry } = await attempt(delivery)
    const wait = retryAfter[number]
    if (!failure || wait === undefined || (noRetry && failure !== 'http_timeout')) return
    const again = (): void => track(deliver(payload, number + 1, failure))
    if (wait === 0) again()
    else clock.after(wait, again)
  }

  function event(payload: Fields): void {
    if (isBeyondHour(payload)) return
    if (toHold > 0 && !held) {
      toHold -= 1
      held = payload
      return
    }
    const before = held
    held = undefined
    track(deliver(payload).then(() => before && track(deliver(before))))
    if (toDuplicate === 0) return
    toDuplicate -= 1
    track(deliver(payload, 1, 'http_timeout'))
  }

  /** Beyond its allowance an app is told once a minute that it was not told. */
  function isBeyondHour(payload: Fields): boolean {
    const now = clock.now()
    while (sentAt[0] !== undefined && sentAt[0] <= now - hour) sentAt.shift()
    if (sentAt.length < perHour) {
      sentAt.push(now)
      return false
    }
    const minute = Math.floor(now / 60_000) * 60
    if (minute !== rateLimitedMinute) track(deliver(rateLimited(app, payload, minute)))
    rateLimitedMinute = minute
    return true
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay)
  }

  return {
    event,
    ask: (kind, payload) => attempt({ kind, payload, attempt: 0 }),
    duplicateNext: () => void (toDuplicate += 1),
    reorderNext: () => void (toHold += 1),
    settled,
    log,
  }
}

const rateLimited = (app: App, payload: Fields, minute: number): Fields => ({
  type: 'app_rate_limited',
  token: payload['token'],
  team_id: payload['team_id'],
  minute_rate_limited: minute,
  api_app_id: app.id,
})
