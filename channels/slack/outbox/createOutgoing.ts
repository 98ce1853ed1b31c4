import type { Core } from '#core'
import { SlackRefusal, type ApiOf } from '../install/api.ts'
import { LiveAnswer, type AnswerParts } from './answer.ts'
import { deliver, type Known } from './delivery.ts'
import { requireFits } from './files.ts'
import { createGate } from './gate.ts'
import { holdLeases } from './leases.ts'
import { filesBeside, messagesOf, newRow } from './message.ts'
import { createOrder } from './order.ts'
import { createPace } from './pace.ts'
import type { Answer, FileOut, Message, Outgoing, Place } from './outgoing.ts'
import { createRecovery } from './recover.ts'
import type { Content, NewRow, Row } from './row.ts'
import { createRows } from './rows.ts'
import { ownLinks, withoutLinksAway } from '../text/links.ts'
import { pause, wallTimer, type Timer } from './timer.ts'
import type { Workspace } from '../install/workspace.ts'

export interface OutgoingParts {
  readonly core: Core
  readonly api: ApiOf
  /** The machine's time unless a test brings Slack's. */
  readonly timer?: Timer
}

/** Milliseconds that a call without a row waits for its turn, unless it says how long it can. */
const patience = 60_000

/** The gateway of this process. */
export function createOutgoing({ core, api, timer = wallTimer }: OutgoingParts): Outgoing {
  const rows = createRows(core.database)
  const pace = createPace(core.database)
  const gate = createGate({ api, pace, timer })
  const leases = holdLeases(rows, core.log)
  const inOrder = createOrder()
  const isOwn = ownLinks(core.config)
  const delivery = { core, gate, rows, timer, isOwn }
  /** What is changed or for one person alone cannot forbid previews. */
  const unlinked = (message: Message): Message => ({
    ...message,
    text: withoutLinksAway(message.text, isOwn),
  })

  const sendTo = (workspace: Workspace, row: Row, known: Known): Promise<string> =>
    leases.during(row, () =>
      inOrder(`${row.workspace} ${row.channel} ${row.thread}`, async () => {
        if (leases.isEnded(row)) throw new SlackRefusal('refused', 'account_inactive')
        return deliver(delivery, workspace, row, known)
      }),
    )

  /** Waits for what another process sends, and sends it when that one is gone. */
  async function settled(place: Place, found: Row): Promise<string> {
    for (let row: Row | undefined = found; row; row = await rows.read(row)) {
      if (row.state === 'sent') return row.sent.at(-1) ?? ''
      if (row.state !== 'due') throw new SlackRefusal('refused', row.error ?? 'account_inactive')
      const taken = await rows.claim(row)
      if (taken) return sendTo(place.workspace, taken, { isFirst: false })
      await pause(timer, 500)
    }
    throw new SlackRefusal('refused', 'account_inactive')
  }

  async function keepAndSend(place: Place, row: NewRow, beside: readonly NewRow[] = []): Promise<string> {
    const { row: kept, isNew } = await rows.keep(row, beside)
    if (isNew && row.kind === 'update') await rows.supersede(kept)
    const ts = isNew ? await sendTo(place.workspace, kept, { isFirst: true }) : await settled(place, kept)
    for (const { key } of beside) await sendFile(place, key)
    return ts
  }

  /** A file that was kept beside a message. */
  async function sendFile(place: Place, key: string): Promise<void> {
    const { row } = await rows.keep({ ...newRow(place, key), kind: 'file' })
    if (row.state === 'due' && row.attempt === 1) await sendTo(place.workspace, row, { isFirst: true })
    else await settled(place, row)
  }

  const running = new Map<string, number>()
  const answerParts: AnswerParts = {
    ...delivery, running, sendFile, settled,
    send: (place, row, known) => sendTo(place.workspace, row, known),
  } // prettier-ignore

  async function answer(place: Place, key: string): Promise<Answer> {
    const { row, isNew } = await rows.keep({ ...newRow(place, key), kind: 'answer' })
    const taken = isNew ? row : await rows.takeOver(row)
    if (taken) return new LiveAnswer(answerParts, place, { row: taken, key, isResumed: !isNew })
    return answered(() => settled(place, row))
  }

  const recovery = createRecovery({ core, rows, pace, send: sendTo })

  return {
    post: async (place, message, key) => {
      const content = contentOf(place, message)
      const row = { ...newRow(place, key), kind: 'post', content } as const
      return { ts: await keepAndSend(place, row, filesBeside(row, content)) }
    },
    update: async (place, ts, message, key) => {
      const content = contentOf(place, unlinked(message))
      await keepAndSend(place, { ...newRow(place, key), kind: 'update', content, sent: [ts] })
    },
    supersede: async (place, answer, message) => {
      const row = await rows.byKey(place.workspace, answer)
      if (row?.state !== 'sent' || row.sent.length === 0) return
      const change = { ...newRow(place, `superseded:${answer}`), kind: 'update', sent: row.sent } as const
      await keepAndSend(place, { ...change, content: contentOf(place, message) })
    },
    greet: async (place, greeting, key, change) => {
      const content: Content = { text: '', locale: place.locale ?? 'da', shows: 'text', greeting }
      const kept = await rows.keepWith({ ...newRow(place, key), kind: 'post', content }, change)
      if (kept?.isNew) await sendTo(place.workspace, kept.row, { isFirst: true })
      else if (kept) await settled(place, kept.row)
    },
    ephemeral: async (place, user, message) => {
      const [first] = messagesOf(unkept, contentOf(place, unlinked(message)))
      const { metadata: _, ...args } = first!.args
      const thread = place.thread ? { thread_ts: place.thread } : {}
      const turn = { channel: place.channel, within: patience }
      await gate.call(place.workspace, 'chat.postEphemeral', { channel: place.channel, user, ...thread, ...args }, turn) // prettier-ignore
    },
    file: async (place, { name, title, content }: FileOut, key) => {
      requireFits(content)
      const kept: Content = { text: '', locale: 'da', shows: 'text', file: { name, title: title ?? name } }
      await keepAndSend(place, { ...newRow(place, key), kind: 'file', content: kept, file: Buffer.from(content) }) // prettier-ignore
    },
    call: (workspace, method, args, { channel, within = patience } = {}) =>
      gate.call(workspace, method, args, { channel, within }),
    answer,
    recover: recovery.run,
    end: async (workspace) => {
      leases.end(workspace.id)
      gate.end(workspace)
      await rows.close(workspace)
    },
    close: async () => {
      recovery.stop()
      gate.close()
      await leases.close()
    },
  }
}

function contentOf({ locale = 'da' }: Place, { text, blocks, metadata, mentions }: Message): Content {
  return {
    text, locale, shows: blocks ? 'blocks' : 'text',
    ...(blocks && { blocks }), ...(metadata && { metadata }), ...(mentions && { mentions }),
  } // prettier-ignore
}

/** What is gone with the page it is shown on needs no row to be found by. */
const unkept = { id: '' } as Row

/** An answer that was made before: asked for again, it is not made again. */
const answered = (settled: () => Promise<string>): Answer => ({
  text: () => undefined,
  replace: () => undefined,
  task: () => undefined,
  finish: async () => ({ ts: await settled() }),
  end: async () => void (await settled()),
})
