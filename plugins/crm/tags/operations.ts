import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  byName,
  changed,
  created,
  deleteOperation,
  expected,
  getOperation,
  idOf,
  listOperation,
  operation,
  raw,
  resource,
  tracked,
  Version,
  type Raw,
} from '#core'
import { Tag as TagName } from '../values/tag.ts'
import { TagModel } from './tag.model.ts'

const uses = (table: string): Raw =>
  raw(`(SELECT count(*) FROM crm.${table} x WHERE x.tenant_id = t.tenant_id AND x.tag_id = t.id)`)

const Tag = z.object({ id: z.uuid(), name: z.string(), contacts: z.int(), companies: z.int(), ...tracked })

const tags = resource({
  table: 'crm.tags',
  item: Tag,
  fields: { contacts: uses('contact_tags'), companies: uses('company_tags') },
  sorts: { name: byName },
  defaultSort: 'name',
  search: 'crm.search_tags',
})

const listTags = listOperation(tags, {
  name: 'crm.tags.list',
  summary: 'List the tags, with how many contacts and companies have each',
})

const getTag = getOperation(tags, { name: 'crm.tags.get', summary: 'Show one tag and how much has it' })

const createTag = operation({
  name: 'crm.tags.create',
  summary: 'Create a tag',
  effect: 'write',
  input: z.strictObject({ name: TagName.meta({ kind: 'tag' }) }),
  output: Tag,
  async run({ name }, context) {
    const id = uuidv7()
    return created(context, tags, id, TagModel.create({ tenantId: context.tenant.id, id, name }))
  },
})

const renameTag = operation({
  name: 'crm.tags.rename',
  summary: 'Rename a tag on everything that has it',
  effect: 'write',
  input: z.strictObject({ id: idOf(tags), name: TagName.meta({ kind: 'tag' }), version: Version.optional() }),
  output: Tag,
  run: ({ id, version, name }, context) =>
    changed(context, tags, id, TagModel.update({ name }, { where: expected({ id, version }) })),
})

const deleteTag = deleteOperation(tags, {
  name: 'crm.tags.delete',
  summary: 'Delete a tag from everything that has it',
  called: 'name',
  remove: (where) => TagModel.destroy({ where }),
})

export const tagOperations = [listTags, getTag, createTag, renameTag, deleteTag]
