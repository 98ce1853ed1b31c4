import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { identifier, sql, type WriteContext } from '#core'
import { Tag } from '../values/tag.ts'

/** A table that ties tags to a kind of thing. */
export interface Tagging {
  readonly table: string
  readonly subject: string
}

export const contactTagging: Tagging = { table: 'crm.contact_tags', subject: 'contact_id' }
export const companyTagging: Tagging = { table: 'crm.company_tags', subject: 'company_id' }

const Tags = z.array(Tag.meta({ kind: 'tag' })).max(50)

/** The tags of a thing as it is made. */
export const givenTags = { tags: Tags.optional() }

/** The tags of a thing as it is changed: exactly these, or some more and some less. */
export const changedTags = {
  tags: Tags.optional().meta({ description: 'Exactly these' }),
  addTags: Tags.optional().meta({ description: 'These besides those it has' }),
  removeTags: Tags.optional().meta({ description: 'No longer these' }),
}

interface ChangedTags {
  readonly tags?: readonly string[] | undefined
  readonly addTags?: readonly string[] | undefined
  readonly removeTags?: readonly string[] | undefined
}

export const changeTags = (
  context: WriteContext,
  tagging: Tagging,
  id: string,
  { tags, addTags = [], removeTags = [] }: ChangedTags,
): Promise<unknown>[] => [
  ...(tags ? setTags(context, tagging, id, tags) : []),
  ...giveTags(context, tagging, id, addTags),
  ...takeTags(context, tagging, id, removeTags),
]

/** Gives the thing exactly these tags; a tag that is new to the company is made. Spelled otherwise it is the same tag. */
export function setTags(
  context: WriteContext,
  tagging: Tagging,
  id: string,
  names: readonly string[],
): Promise<unknown>[] {
  return [...clearTags(context, tagging, id, names), ...giveTags(context, tagging, id, names)]
}

/** Gives the thing these tags besides those it has. */
function giveTags(
  context: WriteContext,
  tagging: Tagging,
  id: string,
  names: readonly string[],
): Promise<unknown>[] {
  if (names.length === 0) return []
  const { table, subject } = tagging
  return [
    context.query(sql`
      INSERT INTO crm.tags (tenant_id, id, name)
      SELECT ${context.tenant.id}, id, name
      FROM unnest(${names.map(() => uuidv7())}::uuid[], ${names}::text[]) AS given(id, name)
      ON CONFLICT ON CONSTRAINT tag_name DO NOTHING`),
    context.query(sql`
      INSERT INTO ${identifier(table)} (tenant_id, ${identifier(subject)}, tag_id)
      SELECT g.tenant_id, ${id}, g.id FROM crm.tags g
      WHERE g.folded_name = ANY (SELECT crm.fold_plain(name) FROM unnest(${names}::text[]) name)
      ON CONFLICT DO NOTHING`),
  ]
}

function clearTags(
  context: WriteContext,
  { table, subject }: Tagging,
  id: string,
  kept: readonly string[],
): Promise<unknown>[] {
  return [
    context.query(sql`
      DELETE FROM ${identifier(table)} x USING crm.tags g
      WHERE x.${identifier(subject)} = ${id} AND g.tenant_id = x.tenant_id AND g.id = x.tag_id
        AND g.folded_name <> ALL (SELECT crm.fold_plain(name) FROM unnest(${kept}::text[]) name)`),
  ]
}

function takeTags(
  context: WriteContext,
  { table, subject }: Tagging,
  id: string,
  names: readonly string[],
): Promise<unknown>[] {
  if (names.length === 0) return []
  return [
    context.query(sql`
      DELETE FROM ${identifier(table)} x USING crm.tags g
      WHERE x.${identifier(subject)} = ${id} AND g.tenant_id = x.tenant_id AND g.id = x.tag_id
        AND g.folded_name = ANY (SELECT crm.fold_plain(name) FROM unnest(${names}::text[]) name)`),
  ]
}
