import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  byName,
  changed,
  colleagueName,
  created,
  deleteOperation,
  expected,
  fail,
  filter,
  getOperation,
  idOf,
  listOperation,
  operation,
  personOf,
  present,
  resource,
  shortText,
  show,
  sql,
  tracked,
  Version,
  type AnyOperation,
} from '#core'
import { listActivities } from '../activities/operations.ts'
import { listCompanies } from '../companies/read.ts'
import { listContacts } from '../contacts/read.ts'
import { listDeals } from '../deals/read.ts'
import { listTasks } from '../tasks/operations.ts'
import { ViewModel } from './view.model.ts'

const ViewedResource = z.enum(['contacts', 'companies', 'deals', 'tasks', 'activities'])
type ViewedResource = z.output<typeof ViewedResource>

type List = AnyOperation & { readonly effect: 'read' }

const lists: Record<ViewedResource, List> = {
  contacts: listContacts,
  companies: listCompanies,
  deals: listDeals,
  tasks: listTasks,
  activities: listActivities,
}

/** A saved filter: what a list was asked for, under a name that all colleagues see. */
const View = z.object({
  id: z.uuid(),
  name: z.string(),
  resource: ViewedResource,
  query: z.record(z.string(), z.unknown()),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  ...tracked,
})

const views = resource({
  table: 'crm.views',
  item: View,
  fields: { ownerName: colleagueName('owner_id') },
  filters: { resource: filter(ViewedResource, (name) => sql`t.resource = ${name}`) },
  sorts: { name: byName },
  defaultSort: 'name',
  search: 'crm.search_views',
})

const Query = z.record(z.string().max(60), z.unknown())

const listViews = listOperation(views, {
  name: 'crm.views.list',
  summary: 'List the saved filters',
})

const getView = getOperation(views, { name: 'crm.views.get', summary: 'Show one saved filter' })

export const openView = operation({
  name: 'crm.views.open',
  summary: 'List what a saved filter finds now',
  effect: 'read',
  input: z.strictObject({
    id: idOf(views),
    limit: z.int().min(1).max(200).optional(),
    cursor: z.string().max(4_000).optional(),
  }),
  output: z.object({
    name: z.string(),
    resource: ViewedResource,
    items: z.array(z.record(z.string(), z.unknown())),
    nextCursor: z.string().nullable(),
  }),
  async run({ id, ...page }, context) {
    const { name, resource: of, query } = await show(context, views, id)
    const found: unknown = await context.call(lists[of], { ...query, ...present(page) })
    return {
      ...(found as { items: Record<string, unknown>[]; nextCursor: string | null }),
      name,
      resource: of,
    }
  },
})

export const createView = operation({
  name: 'crm.views.create',
  summary: 'Save a filter of contacts, companies, deals, tasks or activities under a name',
  effect: 'write',
  input: z.strictObject({
    name: shortText(100),
    resource: ViewedResource,
    query: Query,
  }),
  output: View,
  async run({ name, resource: of, query }, context) {
    requireQuery(of, query)
    const id = uuidv7()
    const ownerId = personOf(context.actor) ?? null
    return created(
      context,
      views,
      id,
      ViewModel.create({ tenantId: context.tenant.id, id, name, resource: of, query, ownerId }),
    )
  },
})

const updateView = operation({
  name: 'crm.views.update',
  summary: 'Rename a saved filter or change what it asks for',
  effect: 'write',
  input: z.strictObject({
    id: idOf(views),
    name: shortText(100).optional(),
    query: Query.optional(),
    version: Version.optional(),
  }),
  output: View,
  async run({ id, version, name, query }, context) {
    if (query) requireQuery((await show(context, views, id)).resource, query)
    const columns = { ...present({ name, query }), updatedAt: context.clock.now() }
    return changed(context, views, id, ViewModel.update(columns, { where: expected({ id, version }) }))
  },
})

const deleteView = deleteOperation(views, {
  name: 'crm.views.delete',
  summary: 'Delete a saved filter; what it shows stays',
  called: 'name',
  remove: (where) => ViewModel.destroy({ where }),
})

export const viewOperations = [listViews, getView, openView, createView, updateView, deleteView]

/** A filter that its list would refuse is refused when it is saved, not when it is needed. */
function requireQuery(of: ViewedResource, query: Record<string, unknown>): void {
  const result = lists[of].input.safeParse(query)
  if (result.success) return
  const { path, message } = result.error.issues[0] as z.core.$ZodIssue
  fail('invalid_input', { problem: `query.${path.join('.')}: ${message}.` })
}
