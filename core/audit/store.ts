import type { TenantTransaction } from '../database/database.ts'
import { prepared, sql, type Statement } from '../database/sql.ts'
import type { AuditLine } from './line.ts'

/** Adds these lines to the trail, whichever tenants they are of. */
export const recordLines = (lines: readonly AuditLine[]): Statement =>
  prepared('tekup_record_audit', sql`SELECT platform.record_audit(${linesOf(lines)})`)

/** Lines as `platform.record_audit` reads them. */
export const linesOf = (lines: readonly AuditLine[]): string => JSON.stringify(lines)

/** Adds the line of a change to the change's own transaction, with all others of it. */
export function storeAudit(transaction: TenantTransaction, line: AuditLine): void {
  transaction.gatherWithCommit(recordLines, line)
}
