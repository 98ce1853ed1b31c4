import { raw, type Raw } from '../database/sql.ts'
import type { Sort } from './resource.ts'

/** Pieces of SQL that the resources of several domains show of row `t`. */

/** A colleague's name stays with what they did, also when they have left. */
export const colleagueName = (column: 'owner_id' | 'person_id'): Raw =>
  raw(`(SELECT p.name FROM platform.people p WHERE p.id = t.${column})`)

export const byName: Sort = { expression: raw('t.name COLLATE "da-x-icu"'), type: 'text' }
export const byTitle: Sort = { expression: raw('t.title COLLATE "da-x-icu"'), type: 'text' }
export const byCreation: Sort = { expression: raw('t.created_at'), type: 'timestamptz' }
