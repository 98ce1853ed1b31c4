import { z } from 'zod'
import {
  fail,
  filter,
  getOperation,
  idOf,
  itemStatement,
  listOperation,
  raw,
  resource,
  sql,
  type ReadContext,
} from '#core'
import { endings } from './ending.ts'
import { botScopes } from './needs.ts'

const time = z.iso.datetime({ offset: true })

/** A workspace as an admin sees it; never its tokens. */
export const ConnectedWorkspace = z.object({
  id: z.uuid(),
  name: z.string(),
  appId: z.string(),
  /** Null where the app is installed for a whole organisation. */
  teamId: z.string().nullable(),
  enterpriseId: z.string().nullable(),
  /** The company's own app; null is the installation's. */
  ownAppId: z.uuid().nullable(),
  status: z.enum(['connected', ...endings]),
  endedAt: time.nullable(),
  scopes: z.array(z.string()),
  /** What the app needs and was not given; whoever connects it again is asked for it. */
  missingScopes: z.array(z.string()),
  /** Whose click installed it. */
  installedByName: z.string().nullable(),
  /** When Slack last said that it drops events, because they are too many. */
  limitedAt: time.nullable(),
  /** When something that Slack told was last worked through; null after a day of nothing. */
  lastEventAt: time.nullable(),
  /** Employees who have said who they are there. */
  people: z.int(),
  version: z.int(),
  createdAt: time,
  updatedAt: time,
})
export type ConnectedWorkspace = z.output<typeof ConnectedWorkspace>

export const workspaces = resource({
  table: 'slack.workspaces',
  item: ConnectedWorkspace,
  fields: {
    status: raw(`coalesce(t.ended_because, 'connected')`),
    missingScopes: raw(
      `ARRAY(SELECT needed FROM unnest('{${botScopes.join()}}'::text[]) needed WHERE needed <> ALL (t.scopes))`,
    ),
    lastEventAt:
      raw(`(SELECT i.done_at FROM slack.inbox i WHERE i.tenant_id = t.tenant_id AND i.workspace_id = t.id
      AND i.done_at IS NOT NULL ORDER BY i.done_at DESC LIMIT 1)`),
    installedByName: raw('(SELECT p.name FROM platform.people p WHERE p.id = t.installed_by)'),
    people: raw(
      '(SELECT count(*)::int FROM slack.people k WHERE k.tenant_id = t.tenant_id AND k.workspace_id = t.id AND k.employee_id IS NOT NULL)',
    ),
  },
  filters: {
    status: filter(
      z.enum(['connected', ...endings]),
      (status) => sql`coalesce(t.ended_because, 'connected') = ${status}`,
    ),
  },
  sorts: { name: { expression: raw('t.name COLLATE "da-x-icu"'), type: 'text' } },
  defaultSort: 'name',
})

export const workspaceId = idOf(workspaces)

export const listWorkspaces = listOperation(workspaces, {
  name: 'slack.workspaces.list',
  summary: 'List the Slack workspaces that the company has connected, and why one has ended',
})

export const getWorkspace = getOperation(workspaces, {
  name: 'slack.workspaces.get',
  summary: 'Get one connected Slack workspace',
})

export async function readWorkspace(query: ReadContext['query'], id: string): Promise<ConnectedWorkspace> {
  const [row] = await query<{ json: string }>(itemStatement(workspaces, id))
  return row ? ConnectedWorkspace.parse(JSON.parse(row.json)) : fail('not_found')
}
