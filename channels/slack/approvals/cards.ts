import { v7 as uuidv7 } from 'uuid'
import { raw, sql, type Core, type Locale } from '#core'
import type { Place } from '../outbox/outgoing.ts'
import type { Status } from './approval.ts'

/** One message in Slack that shows an approval. */
export interface Card {
  readonly id: string
  readonly approval: string
  readonly workspace: string
  readonly channel: string
  readonly thread: string | null
  readonly isDirect: boolean
  readonly kind: 'card' | 'note'
  /** For whom the agent asked. */
  readonly person: string
  readonly locale: Locale
  /** None until it is posted. */
  readonly ts: string | null
  /** What stands there now. */
  readonly shown: Status
}

type Database = Pick<Core, 'database'>

const columnsOf =
  raw(`id, approval_id AS approval, workspace_id AS workspace, channel, thread, is_direct AS "isDirect", kind,
  person_id AS person, locale, ts, shown`)

export type NewCard = Pick<Card, 'approval' | 'kind' | 'person' | 'locale'>

/** Keeps that the approval is to be shown in that place, before it is; the same place shows it once. */
export async function keepCard({ database }: Database, place: Place, card: NewCard): Promise<Card> {
  const { workspace, channel, thread = null, isDirect } = place
  const [kept] = await database.transaction(workspace.tenant, 'READ WRITE', ({ query }) =>
    query<Card>(sql`
      INSERT INTO slack.approval_cards (tenant_id, id, approval_id, workspace_id, channel, thread, is_direct, kind, person_id, locale)
      VALUES (${workspace.tenant}, ${uuidv7()}, ${card.approval}, ${workspace.id}, ${channel}, ${thread}, ${isDirect},
        ${card.kind}, ${card.person}, ${card.locale})
      ON CONFLICT ON CONSTRAINT one_card_a_place DO UPDATE SET tried_at = now()
      RETURNING ${columnsOf}`),
  )
  return kept!
}

export const cardsOf = ({ database }: Database, tenant: string, approval: string): Promise<Card[]> =>
  database.read<Card>(
    tenant,
    sql`SELECT ${columnsOf} FROM slack.approval_cards
      WHERE tenant_id = ${tenant} AND approval_id = ${approval} AND NOT given_up`,
  )

interface CardChange {
  readonly ts?: string
  readonly shown?: Status
  readonly givenUp?: boolean
}

export async function changeCard(
  { database }: Database,
  tenant: string,
  id: string,
  { ts, shown, givenUp = false }: CardChange,
): Promise<void> {
  await database.transaction(tenant, 'READ WRITE', ({ query }) =>
    query(sql`
      UPDATE slack.approval_cards SET ts = coalesce(${ts ?? null}, ts), shown = coalesce(${shown ?? null}, shown),
        given_up = given_up OR ${givenUp}, tried_at = now()
      WHERE tenant_id = ${tenant} AND id = ${id}`),
  )
}

interface Stale {
  readonly tenant: string
  readonly approval: string
}

/** Seconds that one try is left alone, and how many approvals one look takes. */
const idleSeconds = 20
const mostAtOnce = 200

/** Approvals that a place still shows as they were. */
export const staleCards = ({ database }: Database): Promise<Stale[]> =>
  database.platformStatement<Stale>(
    sql`SELECT * FROM slack.stale_cards(${idleSeconds}::integer, ${mostAtOnce}::integer)`,
  )
