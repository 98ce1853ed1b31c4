import { coreErrors, type ErrorTable } from '../errors.ts'
import type { Locale } from '../language.ts'
import { homeOf, platformDomain } from './domain.ts'
import type { AnyOperation } from './operation.ts'
import { checkPublicKey } from './publicKey.ts'
import type { Plugin } from './plugin.ts'
import type { AboutWords, OperationKey, Words } from './words.ts'

/** Everything that can be done here: the one list that every surface is a projection of. */
export interface Registry {
  readonly plugins: readonly Plugin[]
  readonly operations: readonly AnyOperation[]
  readonly errors: ErrorTable
  find(name: string): AnyOperation | undefined
  words(operation: AnyOperation, locale: Locale): Words
  /** What a plugin is; its name where it does not say. */
  about(plugin: Plugin, locale: Locale): AboutWords
  /** What an approval holds for: the version of the operation's plugin, or its own where only one company has it. */
  versionOf(operation: AnyOperation): string
  /** The plugins' domains: all but the core's own. */
  readonly domains: readonly string[]
}

/** Puts the plugins together; throws at boot, with the reason, on a name or a word that does not hold. */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  const operations = plugins.flatMap((plugin) => plugin.operations)
  const byName = new Map(operations.map((operation) => [operation.name as string, operation]))
  const owners = new Map(plugins.map((plugin) => [plugin.name, plugin]))
  if (byName.size !== operations.length)
    throw new Error(`Two operations share a name: ${repeated(operations)}.`)
  for (const plugin of plugins) checkPlugin(plugin, owners)
  return {
    plugins,
    operations,
    errors: Object.assign({}, coreErrors, ...plugins.map((plugin) => plugin.errors ?? {})) as ErrorTable,
    domains: plugins.map((plugin) => plugin.name).filter((name) => name !== platformDomain),
    find: (name) => byName.get(name),
    words: (operation, locale) =>
      operation.brought?.words[locale] ??
      (owners.get(operation.domain)!.locales[locale][operation.name as OperationKey] as Words),
    about: ({ name, locales }, locale) => locales[locale].about ?? { title: name, summary: '' },
    versionOf: (operation) => operation.brought?.version ?? owners.get(homeOf(operation))!.version,
  }
}

function checkPlugin(plugin: Plugin, owners: ReadonlyMap<string, Plugin>): void {
  const missing = plugin.requires?.find((name) => !owners.has(name))
  if (missing) throw new Error(`Plugin "${plugin.name}" requires "${missing}", which is not listed.`)
  for (const operation of plugin.operations) {
    if (operation.domain !== plugin.name) {
      throw new Error(
        `Operation "${operation.name}" stands in plugin "${plugin.name}"; its domain says another.`,
      )
    }
    checkPublicKey(operation)
    for (const [locale, words] of Object.entries(plugin.locales))
      checkWords(operation, words[operation.name as OperationKey], locale)
  }
  checkSettings(plugin)
}

function checkSettings({ name, settings, locales }: Plugin): void {
  if (settings && settings.domain !== name)
    throw new Error(`Plugin "${name}" has the settings of "${settings.domain}".`)
  for (const [locale, words] of Object.entries(locales)) {
    const told = Object.keys(words.settings ?? {})
    const names = Object.keys(settings?.schema.shape ?? {})
    const [one] = [...new Set(names).symmetricDifference(new Set(told))]
    if (one === undefined) continue
    const fault = names.includes(one) ? 'has no words in' : 'is unknown, and has words in'
    throw new Error(`Setting "${name}.${one}" ${fault} locales/${locale}.json.`)
  }
}

function checkWords(operation: AnyOperation, words: Words | undefined, locale: string): void {
  if (!words) throw new Error(`Operation "${operation.name}" has no words in locales/${locale}.json.`)
  if (operation.effect === 'destroy' && !words.confirm) {
    throw new Error(
      `Operation "${operation.name}" destroys, so locales/${locale}.json must say what is confirmed.`,
    )
  }
}

const repeated = (operations: readonly AnyOperation[]): string =>
  operations
    .map((operation) => operation.name as string)
    .find((name, index, all) => all.indexOf(name) !== index) ?? ''
