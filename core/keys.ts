import { hkdfSync } from 'node:crypto'

/** One key per purpose from the installation's secret (HKDF with SHA-256, RFC 5869): knowing one tells nothing of another. */
export function deriveKey(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `tekup ${purpose}`, 32))
}
