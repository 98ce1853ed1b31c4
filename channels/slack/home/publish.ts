import { v7 as uuidv7 } from 'uuid'
import { sql, type Authenticated, type Core, type Locale } from '#core'
import { SlackRefusal } from '../install/refusal.ts'
import type { Workspace } from '../install/workspace.ts'
import type { SlackParts } from '../parts.ts'
import { readHome } from './read.ts'
import { homeView, strangerHome } from './view.ts'

/** An App Home that somebody has opened. */
export interface Home {
  readonly workspace: Workspace
  readonly slackUser: string
  /** Of the view that stands there; none before the first. */
  readonly hash: string | null
}

/**
 * Shows a person their App Home as things are now. It was read before it was published: where another one came in between
 * (`hash_conflict`), it is read again.
 */
export async function publishHome(parts: SlackParts, home: Home, who: Authenticated): Promise<void> {
  for (let tries = 0, { hash } = home; tries < mostTries; tries++) {
    const content = await readHome(parts.core, who)
    const view = homeView(content, who.locale, parts.origin)
    const published = await publish(parts, { ...home, hash }, view)
    if (published !== 'conflict') return keepHash(parts.core, home, published)
    hash = null
  }
}

const mostTries = 3

export const publishStrangerHome = async (
  parts: SlackParts,
  workspace: Workspace,
  slackUser: string,
  locale: Locale,
): Promise<void> =>
  void (await parts.out.call(workspace, 'views.publish', { user_id: slackUser, view: strangerHome(locale) }))

async function publish(
  { out }: SlackParts,
  { workspace, slackUser, hash }: Home,
  view: ReturnType<typeof homeView>,
): Promise<string | 'conflict'> {
  try {
    const answer = await out.call(workspace, 'views.publish', {
      user_id: slackUser,
      view,
      ...(hash && { hash }),
    })
    return (answer['view'] as { hash: string }).hash
  } catch (error) {
    if (error instanceof SlackRefusal && error.code === 'hash_conflict') return 'conflict'
    throw error
  }
}

/** Remembers that a person has their Home open, so that it is shown anew when something in it changes. */
export async function rememberHome(
  { database }: Core,
  { tenant, id }: Workspace,
  slackUser: string,
  person: string,
): Promise<void> {
  await database.transaction(tenant, 'READ WRITE', ({ query }) =>
    query(sql`
      INSERT INTO slack.homes (tenant_id, id, workspace_id, slack_user, person_id)
      VALUES (${tenant}, ${uuidv7()}, ${id}, ${slackUser}, ${person})
      ON CONFLICT ON CONSTRAINT home_of_user DO UPDATE SET person_id = excluded.person_id, opened_at = now()`),
  )
}

async function keepHash(
  { database }: Core,
  { workspace: { tenant, id }, slackUser }: Home,
  hash: string,
): Promise<void> {
  await database.transaction(tenant, 'READ WRITE', ({ query }) =>
    query(sql`
      UPDATE slack.homes SET hash = ${hash}
      WHERE tenant_id = ${tenant} AND workspace_id = ${id} AND slack_user = ${slackUser}`),
  )
}

export interface KnownHome {
  readonly workspace: string
  readonly slackUser: string
  readonly person: string
  readonly hash: string | null
}

/**
 * Homes that are worth showing anew: opened lately, of those whom a change concerns, who are still who they said they are. Every
 * process hears of the change; one that was shown since this one heard of it last is nobody else's to show.
 */
export const claimHomes = (
  { database }: Core,
  tenant: string,
  person: string | undefined,
  secondsSince: number,
): Promise<KnownHome[]> =>
  database.write<KnownHome>(
    tenant,
    sql`WITH due AS (
        SELECT h.id FROM slack.homes h
        JOIN slack.people k ON k.tenant_id = h.tenant_id AND k.workspace_id = h.workspace_id AND k.slack_user = h.slack_user
          AND k.employee_id = h.person_id
        WHERE h.tenant_id = ${tenant} AND (${person ?? null}::uuid IS NULL OR h.person_id = ${person ?? null})
          AND h.opened_at > now() - interval '7 days' ORDER BY h.opened_at DESC LIMIT 50)
      UPDATE slack.homes h SET shown_at = clock_timestamp() FROM due
      WHERE h.tenant_id = ${tenant} AND h.id = due.id
        AND (h.shown_at IS NULL OR h.shown_at < clock_timestamp() - make_interval(secs => ${secondsSince}))
      RETURNING h.workspace_id AS workspace, h.slack_user AS "slackUser", h.person_id AS person, h.hash`,
  )
