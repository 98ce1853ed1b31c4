import { sql, type Statement } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Said, SharedFile } from './event.ts'

/** A message of Slack's. */
export interface Spot {
  readonly workspace: Workspace
  readonly channel: string
  readonly ts: string
}

/** A message that is kept, as a row of `slack.messages` tells it. */
export interface Kept {
  readonly ts: string
  readonly root: string
  readonly author: string
  readonly team: string | null
  readonly text: string
  readonly files: readonly SharedFile[]
  readonly edited: string
  readonly state: 'said' | 'asked' | 'answered' | 'stopped' | 'removed'
  /** Of a question: for whom (ours), its message in the conversation, and the name of its answer. */
  readonly person: string | null
  readonly message: string | null
  readonly answerKey: string | null
  /** The answer that stood under it before it was changed, and what had been done for it. */
  readonly former: Former | null
  /** What was done for it, in words that people read. */
  readonly done: readonly string[]
  /** This process answers it. */
  readonly isOurs: boolean
}

export interface Former {
  readonly answer: string
  readonly done: readonly string[]
}

/** When a question was asked in the words that it has, by Slack's time. */
export const askedAt = ({ ts, edited }: Pick<Kept, 'ts' | 'edited'>): string => (edited > ts ? edited : ts)

export const insertInto = sql`INSERT INTO slack.messages AS m (tenant_id, workspace_id, channel, ts, root, author, team, text, files, edited, state,
  person_id, answer_key, worker, leased_until)`

interface Asking {
  readonly person: string
  readonly worker: string
  readonly lease: Statement
}

export function rowOf({ tenant, id }: Workspace, said: Said, asking?: Asking): Statement {
  const { channel, ts, root, user, team, text, files, edited } = said
  const question = asking
    ? sql`'asked', ${asking.person}, ${edited}, ${asking.worker}, ${asking.lease}`
    : sql`'said', NULL, NULL, NULL, NULL`
  return sql`(${tenant}, ${id}, ${channel}, ${ts}, ${root}, ${user}, ${team ?? null}, ${storable(text)},
    ${JSON.stringify(files)}::jsonb, ${edited}, ${question})`
}

/** PostgreSQL keeps neither NUL nor half Unicode characters, and nobody types them. */
const storable = (text: string): string => text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '')

const words = sql`m.ts, m.root, m.author, m.team, m.text, m.files, m.edited, m.state, m.person_id AS person,
  m.message_id AS message, m.answer_key AS "answerKey", m.former, m.done`

/** A message as the process tells it that goes by this name. */
export const columnsFor = (worker: string): Statement =>
  sql`${words}, coalesce(m.worker = ${worker}, false) AS "isOurs"`

export const at = ({ workspace, channel, ts }: Spot): Statement =>
  sql`m.tenant_id = ${workspace.tenant} AND m.workspace_id = ${workspace.id} AND m.channel = ${channel} AND m.ts = ${ts}`

export const inThread = ({ tenant, id }: Workspace, channel: string, root: string): Statement =>
  sql`m.tenant_id = ${tenant} AND m.workspace_id = ${id} AND m.channel = ${channel} AND m.root = ${root}`
