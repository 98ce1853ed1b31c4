import type { AnyOperation } from '../operations/operation.ts'
import type { LocaleFile } from '../operations/plugin.ts'
import type { Registry } from '../operations/registry.ts'
import type { Locale } from '../language.ts'
import type { AccessChanges } from './accessChanges.ts'
import { deriveIdentityKeys } from './keys.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import { apiKeyOperations } from './operations/apiKeys.ts'
import { connectionOperations } from './operations/connections.ts'
import { companyOperations } from './operations/company.ts'
import { invitationOperations } from './operations/invitations.ts'
import { peopleOperations } from './operations/people.ts'
import { pluginOperations } from './operations/plugins.ts'
import { profileOperations } from './operations/profile.ts'
import { sessionOperations } from './operations/sessions.ts'
import { createPasswords } from './passwords.ts'

export interface IdentityOperationParts {
  /** Asked for when an operation runs: the registry holds these very operations. */
  readonly registry: () => Registry
  readonly secret: Buffer
  readonly changes: AccessChanges
}

/** What can be done about people, keys, sessions and the company; words in `identityLocales`. */
export function identityOperations({ registry, secret, changes }: IdentityOperationParts): AnyOperation[] {
  const keys = deriveIdentityKeys(secret)
  return [
    ...peopleOperations(changes),
    ...invitationOperations(),
    ...sessionOperations(changes),
    ...apiKeyOperations({ registry, pepper: keys.apiKeys, changes }),
    ...connectionOperations(changes),
    ...profileOperations(createPasswords(keys.passwords), changes),
    ...companyOperations(changes),
    ...pluginOperations(registry, changes),
  ]
}

export const identityLocales: Readonly<Record<Locale, LocaleFile>> = {
  da: { ...da },
  en: { ...en },
}
