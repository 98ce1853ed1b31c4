import { Fault } from '#core'
import { VendorFault, vendorFaultIn } from './vendorFault.ts'

/** What kept bytes from coming: our own door's refusal, or a connection that was not made or did not last. */
export function connectionFault(error: unknown, begun: 'begun' | 'not begun'): VendorFault {
  const known = vendorFaultIn(error)
  if (known) return known
  const refusal = find(error, (each) => each instanceof Fault)
  if (refusal) return new VendorFault('not_allowed', { cause: refusal })
  const failed = find(error, (each) => typeof (each as SystemError).code === 'string') as
    | SystemError
    | undefined
  return new VendorFault(begun === 'begun' ? 'broke_off' : 'unreachable', { code: failed?.code })
}

interface SystemError {
  readonly code?: string
}

/** The first in the chain of causes that fits. */
function find(error: unknown, fits: (each: object) => boolean): object | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  return fits(error) ? error : find((error as { cause?: unknown }).cause, fits)
}
