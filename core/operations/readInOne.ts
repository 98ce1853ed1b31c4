import type { AuditLine } from '../audit/line.ts'
import { fault } from '../errors.ts'
import type { Caller } from './caller.ts'
import type { InvokeParts } from './invoke.ts'
import type { AnyOperation, Asking } from './operation.ts'
import { Outcome } from './outcome.ts'

export interface JsonRow {
  readonly json: string
  readonly version?: number | string | null
}

type Reader = Pick<InvokeParts, 'audit' | 'database' | 'settings'>

/** The fast path of a read that is one statement; its line of the trail is committed before it is answered. */
export async function readInOne(
  reader: Reader,
  operation: AnyOperation,
  input: unknown,
  caller: Caller,
  line: AuditLine,
): Promise<Outcome> {
  const { audit, database } = reader
  const tenant = caller.tenant.id
  const statement = await operation.query!(input, askingOf(reader, caller))
  if (answersAlways(operation))
    return jsonOutcome((await audit.recordedRead<JsonRow>(tenant, statement, line))[0])
  const outcome = jsonOutcome((await database.read<JsonRow>(tenant, statement))[0])
  await audit.record(line)
  return outcome
}

/** A list of nothing is an answer too, so that its line may say so before; another read can find that there was nothing to read. */
const answersAlways = ({ verb }: AnyOperation): boolean => verb === 'list'

export const askingOf = (
  { settings }: Pick<Reader, 'settings'>,
  { tenant, actor, permissions, locale }: Caller,
): Asking => ({
  actor,
  permissions,
  locale,
  settings: (of) => settings.of(tenant.id, of),
})

export function jsonOutcome(row: JsonRow | undefined): Outcome {
  if (!row) throw fault('not_found')
  return Outcome.ofJson(row.json, row.version)
}
