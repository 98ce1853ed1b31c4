import { packingOf } from '../database/packedText.ts'
import { sql, type Raw, type Statement } from '../database/sql.ts'
import { storableJson } from './storable.ts'
import type { CallRecord } from './turn.ts'

/** What calls are made of. One that has been written with is never changed; a better one is added. */
export const dictionaries: readonly string[] = [
  '"error":{"code":"not_found","message":""}},"error":{"code":"forbidden","message":"","error":{"code":"invalid_input","message":"","status":"refused","summary":"","status":"failed","omitted":0,"nextCursor":null}' +
    '"items":[{"id":"01a2","subject":"","text":"","body":"","note":"","kind":"","status":"open","stage":"","value":null,"amount":0,"currency":"DKK","probability":null,"count":0,"total":0,"score":0,"url":"https://www.","from":"","to":"","at":"2026-","dueAt":null,"doneAt":null,"closedAt":null,"startsAt":"2026-","endsAt":"2026-","createdBy":null,"contactId":null,"contactName":null,"dealId":null,"dealTitle":null,"personId":null,"personName":null,' +
    '"name":"","title":"","description":null,"emails":[{"label":"work","address":"@.dk","primary":true}],"phones":[{"label":"mobil","number":"+45","primary":true}],"email":"","phone":"+45 ","website":null,"address":null,"postcode":null,"city":null,"country":null,"source":null,"fields":{},"notes":null,"companyId":"01a2","companyName":"ApS","ownerId":"01a2","ownerName":null,"tags":[],"label":"","lastContactAt":"2026-01-01T10:00:00.000000+00:00","createdAt":"2026-01-01T10:00:00.000000+00:00","updatedAt":"2026-01-01T10:00:00.000000+00:00","version":1}' +
    ',"summary":"","approval":{"id":"01a2}]' +
    '[{"id":"call_","operation":".list","title":"Vis Show a ","input":{},"status":"done","output":{"items":[{"id":"01a2"},"status":"done","output":{"id":"01a2',
]

const { pack, unpack } = packingOf(dictionaries)

/** Characters of JSON from which PostgreSQL does better to compress them by itself, out of the way of what reads the row. */
const longest = 16 * 1024

/** A reply's calls as `keptCalls` reads them. */
export interface KeptCalls {
  readonly calls: readonly CallRecord[]
  readonly packed: Buffer | null
}

/** Sets the calls of a reply while it goes on. */
export const openCalls = (calls: readonly CallRecord[]): Statement =>
  sql`calls = ${storableJson(calls)}::jsonb, packed_calls = NULL`

/** Sets those of a reply that is over. One that waits for somebody stays legible to PostgreSQL, which tells how it ends. */
export function settledCalls(calls: readonly CallRecord[]): Statement {
  const json = storableJson(calls)
  const isPacked =
    calls.length > 0 && json.length <= longest && calls.every(({ status }) => status !== 'waiting')
  return sql`calls = ${isPacked ? '[]' : json}::jsonb, packed_calls = ${isPacked ? pack(json) : null}::bytea`
}

export const callsOf = ({ calls, packed }: KeptCalls): readonly CallRecord[] =>
  packed === null ? calls : unpackedCalls(packed)

export const unpackedCalls = (packed: Buffer): CallRecord[] => JSON.parse(unpack(packed)) as CallRecord[]

/** What `callsOf` reads of message `m`: its calls, as they stand now, are `calls`, and `packed` where they are packed. */
export const keptCalls = (message: Raw): Statement =>
  sql`platform.settled_calls(${message}.calls) AS calls, ${message}.packed_calls AS packed`
