import { createHash, randomBytes } from 'node:crypto'
import { sql, type Core } from '#core'
import { SlackRefusal } from '../install/refusal.ts'
import type { Workspace } from '../install/workspace.ts'

/** Minutes that a link is good for. */
const goodFor = 30

/**
 * The row of a link, by what its holder has: a UUID made of its SHA-256 (RFC 9562, version 8), so that whoever reads the
 * table can open nothing.
 */
export function linkId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * Makes a one-time link for somebody in Slack; those made for them before are void.
 *
 * @throws SlackRefusal where they are no member of the workspace any more.
 */
export async function makeLink(
  core: Core,
  { tenant }: Workspace,
  person: string,
  origin: string,
): Promise<string> {
  const text = randomBytes(32).toString('base64url')
  const expires = new Date(core.clock.now().getTime() + goodFor * 60_000)
  const made = await core.database.write(
    tenant,
    sql`WITH before AS (DELETE FROM slack.links WHERE tenant_id = ${tenant} AND person_id = ${person})
      INSERT INTO slack.links (tenant_id, id, person_id, expires_at)
      SELECT ${tenant}::uuid, ${linkId(text)}::uuid, k.id, ${expires}::timestamptz FROM slack.people k
      WHERE k.tenant_id = ${tenant} AND k.id = ${person} AND k.standing = 'member' RETURNING id`,
  )
  if (made.length === 0) throw new SlackRefusal('refused', 'user_not_found')
  return `${origin}/slack/link#${text}`
}
