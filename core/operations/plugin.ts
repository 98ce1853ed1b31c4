import type { Sequelize } from 'sequelize'
import type { ErrorTable } from '../errors.ts'
import type { EventType } from '../events/event.ts'
import type { Subscription } from '../events/subscription.ts'
import type { Job } from '../jobs/job.ts'
import type { Locale } from '../language.ts'
import type { PlaceApprovers } from './approval.ts'
import type { BroughtParts } from './brought.ts'
import type { WriteContext } from './context.ts'
import type { AnyOperation } from './operation.ts'
import type { Settings } from '../settings/settings.ts'
import type { AboutWords, EventWords, OperationKey, SettingWords, Words } from './words.ts'

/**
 * The words of a plugin in one language, `locales/da.json` and `locales/en.json`: keyed by operation name, and beside
 * them what the plugin is and what its settings mean.
 */
export interface LocaleFile {
  readonly [operation: OperationKey]: Words
  readonly about?: AboutWords
  readonly settings?: Readonly<Record<string, SettingWords>>
  /** By the event's name. */
  readonly events?: Readonly<Record<string, EventWords>>
}

/**
 * A domain, as a value: importing it does nothing. The folder is the feature; take its line out of
 * `plugins/index.ts` and every way in to it is gone.
 */
export interface Plugin {
  /** The domain: the first part of every operation's name, and the schema of its tables. */
  readonly name: string
  readonly version: string
  /** No company switches it off. */
  readonly alwaysOn?: boolean
  /**
   * What employees and readers may do here, as patterns such as `memories:*`, where the rule for every domain
   * (employees everything, readers what only reads) gives too much. Owners and admins may do everything.
   */
  readonly access?: { readonly employee: readonly string[]; readonly readOnly: readonly string[] }
  /** Domains whose door this plugin imports. */
  readonly requires?: readonly string[]
  readonly operations: readonly AnyOperation[]
  /** What a company chooses for itself; read with `context.settings`. */
  readonly settings?: Settings
  /** Operations that one company has beside these; asked for with every turn of an agent. */
  readonly operationsOf?: (tenant: string, parts: BroughtParts) => Promise<readonly AnyOperation[]>
  /** Who alone approves what agents are asked for here, where this is a way in to them. */
  readonly approvers?: PlaceApprovers
  readonly events?: readonly EventType[]
  /** What follows here on what happened, in this plugin or another. */
  readonly subscriptions?: readonly Subscription[]
  readonly jobs?: readonly Job[]
  readonly errors?: ErrorTable
  readonly locales: Readonly<Record<Locale, LocaleFile>>
  /** Folder of forward-only SQL files. */
  readonly migrations?: URL
  /** Each binds one Sequelize model to the connection. */
  readonly models?: readonly ((sequelize: Sequelize) => void)[]
  /** Fills an empty demo company with believable rows, dated relative to `context.clock`. */
  readonly demo?: (context: WriteContext, company: DemoCompany) => Promise<void>
}

/** A demo company that is being furnished; `people` are its members by email. */
export interface DemoCompany {
  readonly key: 'nordlys' | 'fjordit'
  readonly name: string
  readonly people: readonly { readonly id: string; readonly name: string; readonly email: string }[]
}

export const plugin = (value: Plugin): Plugin => Object.freeze(value)
