import type { z } from 'zod'
import type { Sentence } from '../language.ts'

/**
 * Refuses a value in a Zod check with one sentence (no final full stop; the caller adds it).
 * The English text is the issue's `message`; `params` carries both languages for whoever knows the reader's.
 */
export function refuse(context: z.core.ParsePayload<unknown>, sentence: Sentence): void {
  context.issues.push({
    code: 'custom',
    input: context.value,
    message: sentence.en,
    params: { ...sentence },
  })
}
