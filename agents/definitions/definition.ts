import { z } from 'zod'
import { idOf } from '#core'

/** Where an agent can be spoken to; the dashboard's chat is `chat`. */
export const channels = ['chat', 'slack', 'voice'] as const

/** An operation's name (`crm.deals.move`), or a pattern of permissions with `*` for any part (`crm.*:read`). */
const Rule = z
  .string()
  .max(200)
  .regex(
    /^(?:[a-z][a-zA-Z0-9]*(?:\.[a-z][a-zA-Z0-9]*){2}|(?:\*|[a-z][a-zA-Z0-9]*)\.(?:\*|[a-z][a-zA-Z0-9]*):(?:\*|read|write|send|destroy))$/,
  )
const Rules = z.array(Rule).max(200)

/** What an admin says of an agent. */
export const Definition = z.object({
  name: z.string().trim().min(1).max(60).meta({ kind: 'text' }),
  /** Said to the model at every turn, after what the platform says. */
  instructions: z.string().trim().max(8_000).meta({ kind: 'text', free: true }),
  /** The model that it is asked with; the company's first one where none is named. */
  modelId: idOf({ table: 'agents.models' }).nullable(),
  /** Operations that it is offered; an empty list is all that its person may. */
  allowed: Rules,
  /** Changes that it asks a person before, though it might make them. */
  asked: Rules,
  /** Operations that it never gets, whatever the other lists say. */
  denied: Rules,
  channels: z.array(z.enum(channels)).max(channels.length),
  ownerId: idOf({ table: 'platform.people' }).nullable(),
})
export type Definition = z.output<typeof Definition>

export const Agent = z.object({
  id: z.uuid(),
  ...Definition.shape,
  isDefault: z.boolean(),
  createdAt: z.iso.datetime({ offset: true }),
  updatedAt: z.iso.datetime({ offset: true }),
  version: z.int(),
})
export type Agent = z.output<typeof Agent>
