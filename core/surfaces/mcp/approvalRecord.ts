import type { Database } from '../../database/database.ts'
import { sql } from '../../database/sql.ts'
import type { Locale, Sentence } from '../../language.ts'

interface Card {
  readonly title: string
  readonly summary: string
  readonly fields: readonly {
    readonly label: string
    readonly value: string
    readonly before: string | null
  }[]
}

/** A question to a person as the program that asked may know of it. */
export interface ApprovalRecord {
  readonly status: 'pending' | 'approved' | 'done' | 'failed' | 'rejected' | 'void' | 'expired'
  readonly words: Readonly<Record<Locale, Card>>
  readonly code: string | null
  /** How it ended, in both languages. */
  readonly outcome: Sentence | null
  readonly output: unknown
}

/** The record of a question that this very program asked; nobody else's is found. */
export async function approvalRecord(
  database: Database,
  tenant: string,
  agent: string,
  id: string,
): Promise<ApprovalRecord | undefined> {
  const [row] = await database.read<ApprovalRecord>(
    tenant,
    sql`SELECT CASE WHEN status = 'pending' AND expires_at <= now() THEN 'expired' ELSE status END AS status,
        words, code, outcome, output
      FROM platform.approvals WHERE tenant_id = ${tenant} AND agent_id = ${agent} AND id = ${id}`,
  )
  return row
}

/** Everything that would happen, line by line: what a person reads before they say yes. */
export function cardText({ words }: ApprovalRecord, locale: Locale): string {
  const { title, summary, fields } = words[locale]
  const lines = fields.map(({ label, value, before }) =>
    before === null ? `${label}: ${value}` : `${label}: ${before} → ${value}`,
  )
  return [title, summary, ...(lines.length > 0 ? ['', ...lines] : [])].join('\n')
}
