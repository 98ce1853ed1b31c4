import { rememberUnderMark, type Core, type Mark, type Statement } from '#core'
import { createBreaker, type Breaker } from './breakers.ts'
import type { ModelChoice } from './choice.ts'
import { installationChoices } from './installation.ts'
import type { ForAccount } from './metered.ts'
import { openModel, type OpenModelParts } from './openModel.ts'
import { choiceOf, readStored, type StoredModel } from './store.ts'

/** A vendor's model that may answer, with the breaker that all turns on it share. */
export interface Answerer {
  readonly id: string
  /** As people call it. */
  readonly name: string
  readonly choice: Omit<ModelChoice, 'apiKey'>
  readonly forAccount: ForAccount
  readonly breaker: Breaker
}

export interface AnswererParts extends Pick<OpenModelParts, 'patience' | 'clients'> {
  readonly core: Pick<Core, 'config' | 'database' | 'egress' | 'vault' | 'usage' | 'log' | 'precedence'>
}

/** Who answers for a company, in the order in which they are asked; after the last comes the offline model. */
export interface Answerers {
  /** The company's own models, `preferred` first; the installation's where it has chosen none. */
  of(tenant: string, preferred?: string, mark?: Mark): Promise<readonly Answerer[]>
}

/** Models that are kept open; the longest unused are closed. */
const mostOpen = 500

export function createAnswerers({ core, ...asked }: AnswererParts): Answerers {
  const remembered = rememberUnderMark<readonly StoredModel[]>(mostOpen)
  const open = new Map<string, Promise<Answerer>>()
  const opened = (key: string, choice: () => Promise<ModelChoice>): Promise<Answerer> => {
    const answerer = open.get(key) ?? answererOf(choice, { ...core, ...asked })
    answerer.catch(() => open.delete(key))
    open.delete(key)
    open.set(key, answerer)
    if (open.size > mostOpen) open.delete(open.keys().next().value as string)
    return answerer
  }
  const installed = installationChoices(core.config)
  return {
    of: async (tenant, preferred, mark) => {
      const query = <Row>(statement: Statement) => core.database.read<Row & object>(tenant, statement)
      const rows = inOrder(await remembered(tenant, mark, () => readStored(query)), preferred)
      if (rows.length === 0)
        return Promise.all(installed.map((choice) => opened(choice.id, async () => choice)))
      const vault = core.vault.of(tenant, query)
      const chosen = rows.map((row) =>
        opened(`${tenant} ${row.id} ${row.version}`, () => choiceOf(row, vault)).catch((error: unknown) => {
          core.log.error({ err: error, tenant, model: row.id }, 'a model could not be opened')
        }),
      )
      return (await Promise.all(chosen)).filter((answerer) => answerer !== undefined)
    },
  }
}

async function answererOf(chosen: () => Promise<ModelChoice>, parts: OpenModelParts): Promise<Answerer> {
  const { apiKey, ...choice } = await chosen()
  const forAccount = await openModel({ ...choice, ...(apiKey !== undefined && { apiKey }) }, parts)
  return { id: choice.id, name: choice.name, choice, forAccount, breaker: createBreaker() }
}

const inOrder = (rows: readonly StoredModel[], preferred: string | undefined): readonly StoredModel[] =>
  rows.toSorted((one, other) => Number(other.id === preferred) - Number(one.id === preferred))
