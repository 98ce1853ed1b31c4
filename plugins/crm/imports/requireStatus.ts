import { show, type WriteContext } from '#core'
import { crmErrors } from '../errors.ts'
import { imports, type ImportStatus } from './import.ts'

/** Refuses what an import that has come so far does not take any more. */
export async function requireStatus(
  context: WriteContext,
  id: string,
  allowed: readonly ImportStatus[],
): Promise<void> {
  const { status } = await show(context, imports, id)
  if (!allowed.includes(status)) crmErrors.fail('import_settled', { status })
}
