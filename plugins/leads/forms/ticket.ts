import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/**
 * A visitor's ticket says when a form was opened: `<milliseconds, base 36>.<HMAC-SHA-256 by the form's secret>`. It shows
 * that a page was loaded and how long the filling in took, and one ticket is good for one submission.
 */
export function issueTicket(secret: string, now: Date): string {
  const issued = now.getTime().toString(36)
  return `${issued}.${signature(secret, issued)}`
}

/** Milliseconds since the ticket was issued, or undefined where this form never issued it. */
export function ageOfTicket(ticket: string, secret: string, now: Date): number | undefined {
  const [issued = '', signed = ''] = ticket.split('.')
  const [given, own] = [Buffer.from(signed), Buffer.from(signature(secret, issued))]
  if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined
  const age = now.getTime() - Number.parseInt(issued, 36)
  return Number.isFinite(age) && age >= 0 ? age : undefined
}

const signature = (secret: string, issued: string): string =>
  createHmac('sha256', secret).update(`ticket ${issued}`).digest('base64url')

/** Leading zero bits that a proof needs: some 65,000 hashes, half a second in a browser (Hashcash, A. Back 2002). */
export const proofBits = 16

/** Whether SHA-256 of the ticket and the proof begins with enough zero bits. */
export function isProof(ticket: string, proof: string): boolean {
  const hash = createHash('sha256').update(`${ticket}:${proof}`).digest()
  return hash.readUInt32BE(0) >>> (32 - proofBits) === 0
}
