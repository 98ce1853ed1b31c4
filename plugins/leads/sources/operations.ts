import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  created,
  deleteOperation,
  expected,
  getOperation,
  idOf,
  Line,
  listOperation,
  operation,
  present,
  Version,
} from '#core'
import { SourceModel } from './source.model.ts'
import { Channel, Source, sources } from './source.ts'

export const listSources = listOperation(sources, {
  name: 'leads.sources.list',
  summary: 'List where leads come from, with how many came and how many became customers',
})

const getSource = getOperation(sources, {
  name: 'leads.sources.get',
  summary: 'Show one source of leads',
})

export const createSource = operation({
  name: 'leads.sources.create',
  summary: 'Create a source of leads, such as a campaign, a fair or a web page',
  effect: 'write',
  input: z.strictObject({ name: Line, channel: Channel.default('other') }),
  output: Source,
  async run({ name, channel }, context) {
    const id = uuidv7()
    return created(
      context,
      sources,
      id,
      SourceModel.create({ tenantId: context.tenant.id, id, name, channel }),
    )
  },
})

const updateSource = operation({
  name: 'leads.sources.update',
  summary: 'Rename a source of leads or change its channel',
  effect: 'write',
  input: z.strictObject({
    id: idOf(sources),
    name: Line.optional(),
    channel: Channel.optional(),
    version: Version.optional(),
  }),
  output: Source,
  run: ({ id, version, ...given }, context) =>
    changed(
      context,
      sources,
      id,
      SourceModel.update(
        { ...present(given), updatedAt: context.clock.now() },
        { where: expected({ id, version }) },
      ),
    ),
})

const deleteSource = deleteOperation(sources, {
  name: 'leads.sources.delete',
  summary: 'Delete a source of leads; its leads stay without one',
  called: 'name',
  remove: (where) => SourceModel.destroy({ where }),
})

export const sourceOperations = [listSources, getSource, createSource, updateSource, deleteSource]
