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
  /** Whose click installed it. */
  installedByName: z.string().nullable(),
  /** When Slack last said that it drops events, because they are too many. */
  limitedAt: time.nullable(),
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
