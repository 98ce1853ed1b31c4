import { createHash } from 'node:crypto'
import type { Config } from '../config.ts'
import { deriveKey } from '../keys.ts'

/** A key of the installation, which wraps companies' data keys. */
export interface WrappingKey {
  /** A fingerprint, kept beside what it wraps. */
  readonly id: string
  readonly key: Buffer
}

export interface WrappingKeys {
  /** New data keys are wrapped by it, and old ones are moved to it. */
  readonly current: WrappingKey
  find(id: string): WrappingKey | undefined
}

/**
 * The operator's `VAULT_KEY`, which stays outside the database; without one, a key derived from the installation's
 * secret. The key of before and the derived one still open what they wrapped.
 */
export function wrappingKeys(
  config: Pick<Config, 'VAULT_KEY' | 'VAULT_KEY_OLD'>,
  secret: Buffer,
): WrappingKeys {
  const given = [config.VAULT_KEY, config.VAULT_KEY_OLD].flatMap((text) =>
    text === undefined ? [] : [named(Buffer.from(text, 'base64'))],
  )
  const derived = named(deriveKey(secret, 'vault'))
  const current = config.VAULT_KEY === undefined ? derived : given[0]!
  const known = new Map([...given, derived].map((each) => [each.id, each]))
  return { current, find: (id) => known.get(id) }
}

const named = (key: Buffer): WrappingKey => ({
  id: createHash('sha256').update('tekup wrapping key').update(key).digest('hex').slice(0, 16),
  key,
})
