import type { Authenticated, Caller, Core } from '#core'

/** What ids stand for: the name of every thing that can be listed, and the words for each stage of a deal. */
export interface Names {
  readonly things: ReadonlyMap<string, string>
  /** A stage's key by its key, its name and its other names, in lower case. */
  readonly stages: ReadonlyMap<string, string>
}

type Row = Readonly<Record<string, unknown>>

/** Reads every list that needs nothing but to be asked for, to its end. */
export async function namesIn(core: Core, who: Authenticated): Promise<Names> {
  const caller: Caller = { ...who, origin: { surface: 'rest', requestId: 'evaluation' } }
  const things = new Map<string, string>()
  const stages = new Map<string, string>()
  for (const operation of core.registry.operations.filter(({ verb }) => verb === 'list')) {
    if (!operation.input.safeParse({}).success || operation.name === 'platform.audit.list') continue
    for await (const row of everyRow(core, operation.name, caller)) {
      addName(things, row)
      for (const stage of stagesOf(row)) addStage(stages, stage)
    }
  }
  return { things, stages }
}

async function* everyRow(core: Core, name: string, caller: Caller): AsyncGenerator<Row> {
  const operation = core.registry.find(name)!
  let cursor: unknown = undefined
  do {
    const { value } = await core.invoke(operation, cursor === undefined ? {} : { cursor }, caller)
    const page = value as { items?: Row[]; nextCursor?: unknown }
    yield* page.items ?? []
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}

/** Adds what a thing is called, where it is a thing with a name. */
export function addName(things: Map<string, string>, row: Row): void {
  const name = [
    row['name'],
    row['title'],
    row['fileName'],
    row['email'],
    row['subject'],
    row['userAgent'],
  ].find((value) => typeof value === 'string')
  if (typeof row['id'] === 'string' && typeof name === 'string') things.set(row['id'], name)
}

const stagesOf = ({ stages }: Row): Row[] => (Array.isArray(stages) ? (stages as Row[]) : [])

function addStage(stages: Map<string, string>, { key, name, aliases }: Row): void {
  for (const word of [key, name, ...((aliases as unknown[] | undefined) ?? [])])
    if (typeof word === 'string') stages.set(word.toLowerCase(), String(key))
}
