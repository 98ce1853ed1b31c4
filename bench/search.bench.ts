import { plugins } from '#plugins'
import { median, percentile } from './measure/median.ts'
import { report } from './measure/report.ts'
import { foundCompanies, settle } from './world/companies.ts'
import { personName } from './world/contacts.ts'
import { callerOf, openCore } from './world/core.ts'
import { openWorld } from './world/database.ts'

// Search among 100,000 contacts of one company, through the whole of invoke: parse, authorize, transaction, audit.
const contacts = 100_000
const asked = 200
const questions = {
  'without its Danish letter': 'soren',
  'the letter written out': 'Soeren',
  'a slip in the name': 'Sørnesen',
  'first and last name': 'Søren Sørensen',
  'the beginnings of two words': 'sør sør',
  'a beginning that thousands share': 'so',
  'an email address': 'person4711@kunde.example',
  'a phone number': '20 00 47 11',
  'nobody’s name': 'Xylofon',
} as const

const world = await openWorld(plugins)
const [company] = await foundCompanies(world, 1)
await world.admin.query(`
  INSERT INTO crm.contacts (tenant_id, id, name, emails, phones)
    SELECT '${company!.tenant}', uuidv7(), ${personName},
      jsonb_build_array(jsonb_build_object('address', 'person' || number || '@kunde.example', 'label', null, 'primary', true)),
      jsonb_build_array(jsonb_build_object('number', '+45' || 20000000 + number, 'label', null, 'primary', true))
    FROM generate_series(1, ${contacts}) number`)
await settle(world.admin)

const core = openCore(world, plugins)
const caller = callerOf(core, company!)
const list = core.registry.find('crm.contacts.list')!
const times = new Map<string, number[]>(Object.values(questions).map((q) => [q, []]))
for (let round = -20; round < asked; round++) {
  for (const [q, taken] of times) {
    const started = performance.now()
    await core.invoke(list, { q }, caller)
    if (round >= 0) taken.push(performance.now() - started)
  }
}
await core.close()
await world.close()

report(
  `Search among ${contacts.toLocaleString('en')} contacts of one company, p95 of ${asked}`,
  Object.entries(questions).map(([what, q]) => ({
    figure: `${what}: "${q}" (median ${median(times.get(q)!).toFixed(1)} ms)`,
    ours: percentile(times.get(q)!, 0.95),
    unit: 'ms',
    limit: { is: 'at most', value: 10 },
  })),
)
