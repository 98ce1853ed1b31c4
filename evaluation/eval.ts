import { parseArgs } from 'node:util'
import { locales, readConfig } from '#core'
import { printTable } from '../bench/measure/report.ts'
import { distractors } from './distractors.ts'
import { examine } from './examine.ts'
import { recallOf } from './recall.ts'
import { failed, figure, tableOf, type Row } from './report.ts'
import { halves, sets } from './sets.ts'
import { openEvaluationWorld } from './world.ts'

const usage = `npm run eval -- [--model offline|openai|gemini] [--language da|en] [--set tuning|heldOut] [--more <operations>] [--faults]
openai and gemini are reached as the settings say: OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL, GOOGLE_API_KEY, …`

const { values: given } = parseArgs({
  options: {
    model: { type: 'string', default: 'offline' },
    language: { type: 'string' },
    set: { type: 'string' },
    more: { type: 'string', default: '230' },
    faults: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

/** The settings of one vendor, or of none. */
function settingsOf(model: string): Record<string, string> {
  const prefix = { offline: undefined, openai: 'OPENAI_', gemini: 'GOOGLE_' }[model as 'offline']
  if (prefix === undefined) return {}
  const settings = Object.entries(readConfig()).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(settings.map(([name, value]) => [name, String(value)]))
}

async function measure(more: number): Promise<Row[]> {
  const world = await openEvaluationWorld(settingsOf(given.model), more === 0 ? [] : distractors(more))
  const rows: Row[] = []
  try {
    for (const locale of locales.filter((each) => each === (given.language ?? each)))
      for (const half of halves.filter((each) => each === (given.set ?? each)))
        rows.push({ locale, half, result: await examine(world, sets[locale][half], locale) })
    const recall = recallOf(world.core)
    console.log(`\n${given.model}, ${world.core.registry.operations.length} operations\n`)
    console.log(`right operation among the dozen offered: da ${figure(recall.da)}, en ${figure(recall.en)}\n`)
  } finally {
    await world.close()
  }
  printTable(tableOf(rows))
  if (failed(given.model, rows)) process.exitCode = 1
  if (given.faults) for (const { result } of rows) console.log(`\n${result.faults.join('\n')}`)
  return rows
}

if (given.help) console.log(usage)
else {
  await measure(0)
  if (Number(given.more) > 0) await measure(Number(given.more))
}
