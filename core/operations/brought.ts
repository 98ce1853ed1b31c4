import type { Database } from '../database/database.ts'
import { rememberUnderMark, type Mark } from '../database/underMark.ts'
import type { Locale } from '../language.ts'
import type { AnyOperation } from './operation.ts'
import type { Registry } from './registry.ts'
import type { Words } from './words.ts'

/** What an operation holds that only one company has: a plugin finds it there, instead of listing it for all. */
export interface BroughtMark {
  /** The plugin that brings it: where that is switched off, it is not there. */
  readonly by: string
  /** Another version is another operation: what was approved of this one is void then. */
  readonly version: string
  readonly words: Readonly<Record<Locale, Words>>
}

/** What a plugin finds a company's operations with, and what those work with beside their context. */
export interface BroughtParts {
  readonly database: Pick<Database, 'read' | 'write'>
}

/** The operations that one company has beside everybody's; under a mark, as they were under the same one before. */
export type Brought = (tenant: string, mark?: Mark) => Promise<readonly AnyOperation[]>

/** Companies whose operations are remembered. */
const mostRemembered = 2_000

/** Asks every plugin that brings some. What has the name of one of everybody's is left out. */
export function createBrought({ plugins, find }: Registry, parts: BroughtParts): Brought {
  const sources = plugins.flatMap(({ operationsOf }) => (operationsOf ? [operationsOf] : []))
  const remembered = rememberUnderMark<readonly AnyOperation[]>(mostRemembered)
  const findAll = async (tenant: string) => {
    const found = await Promise.all(sources.map((operationsOf) => operationsOf(tenant, parts)))
    return found.flat().filter(({ name }) => find(name) === undefined)
  }
  return (tenant, mark) => remembered(tenant, mark, () => findAll(tenant))
}

/** An operation that one company has, with the permission of an operation that everybody has. */
export const broughtOperation = (
  described: AnyOperation,
  permission: string,
  brought: BroughtMark,
): AnyOperation => Object.freeze({ ...described, permission, brought })
