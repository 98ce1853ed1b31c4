import { z } from 'zod'
import type { Locale } from '../language.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { LocaleFile } from '../operations/plugin.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }

const rotateSecrets = operation({
  name: 'platform.secrets.rotate',
  summary: 'Move the company’s kept keys and passwords to a new data key; they stay the same',
  effect: 'write',
  input: z.strictObject({}),
  output: z.object({ count: z.int() }),
  run: async (_, { vault }) => ({ count: await vault.rotate() }),
})

export const vaultOperations: readonly AnyOperation[] = [rotateSecrets]

export const vaultLocales: Readonly<Record<Locale, LocaleFile>> = {
  da: { ...da },
  en: { ...en },
}
