import type { AnyOperation, LocaleFile, Plugin, Words } from '#core'
import { crm } from '#plugins/crm'
import { offeredOperations } from '../../core/conversations/offered.ts'

/** What the copies of the CRM's operations are about, so that each reads differently from all others. */
const nouns = 'faktura ordre vare lager sag mail kampagne skema bil nøgle rapport budget kontrakt'.split(' ')

const offered = offeredOperations(crm.operations, {
  permissions: new Set(crm.operations.map(({ permission }) => permission)),
  domains: new Set([crm.name]),
})

/**
 * Plugins with so many operations in all that a person may be offered: those of the CRM, `first` before the others, and
 * then copies of them in domains of their own. Only the CRM's own can be run.
 */
export function pluginsWith(count: number, first: string): Plugin[] {
  const own = offered.toSorted((one, other) => Number(other.name === first) - Number(one.name === first))
  return Array.from({ length: Math.ceil(count / own.length) }, (_, round) => {
    const some = own.slice(0, count - round * own.length)
    return round === 0 ? { ...crm, operations: some } : copyOf(some, `extra${round}`, nouns[round - 1]!)
  })
}

function copyOf(operations: readonly AnyOperation[], name: string, noun: string): Plugin {
  const renamed = (each: string): string => each.replace(crm.name, name)
  const copies = operations.map((each) => ({
    ...each,
    name: renamed(each.name),
    domain: name,
    tool: renamed(each.tool),
    permission: renamed(each.permission),
  })) as unknown as AnyOperation[]
  const about = ({ title, phrases, ...words }: Words): Words => ({
    ...words,
    title: `${title} (${noun})`,
    phrases: phrases.map((phrase) => `${phrase} ${noun}`),
  })
  const words = (locale: 'da' | 'en'): LocaleFile =>
    Object.fromEntries(
      operations.map((each) => [
        renamed(each.name),
        about(crm.locales[locale][each.name as `${string}.${string}.${string}`]!),
      ]),
    )
  return { name, version: '1.0.0', operations: copies, locales: { da: words('da'), en: words('en') } }
}
