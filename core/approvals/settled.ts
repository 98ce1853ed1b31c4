import { fail } from '../errors.ts'
import { sentence, type Sentence } from '../language.ts'
import type { Row } from './record.ts'
import { decidedBy } from './sentences.ts'

/** Whoever comes second, or too late, is told how it was settled. */
export function refuseSettled(row: Row): void {
  if (row.status === 'pending' && row.is_open) return
  if (row.decided_by === null) fail('approval_expired')
  const words = wordsOf(row)
  const name = row.decider_name ?? ''
  fail('approval_settled', {
    sentence: { da: sentence(words, 'da', { name }), en: sentence(words, 'en', { name }) },
  })
}

function wordsOf({ status, changed_hash: changed }: Row): Sentence {
  if (status === 'rejected') return decidedBy.rejected
  return changed === null ? decidedBy.approved : decidedBy.changed
}
