import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Core } from './core.ts'
import { readablePassword } from './founding/readablePassword.ts'
import type { Identity } from './identity/index.ts'
import type { DemoPerson } from './surfaces/bootstrap.ts'
import type { DemoCompany } from './operations/plugin.ts'

interface Person {
  readonly name: string
  readonly email: string
  readonly role: 'owner' | 'employee'
}

interface CompanyPlan {
  readonly key: DemoCompany['key']
  readonly name: string
  readonly domain: string
  readonly people: readonly [Person, ...Person[]]
}

/** The two companies of a first start; they know nothing of each other. */
const companies: readonly CompanyPlan[] = [
  {
    key: 'nordlys',
    name: 'Nordlys Rengøring ApS',
    domain: 'nordlys.example',
    people: [
      { name: 'Anna Nordlys', email: 'anna@nordlys.example', role: 'owner' },
      { name: 'Mikkel Brandt', email: 'mikkel@nordlys.example', role: 'employee' },
    ],
  },
  {
    key: 'fjordit',
    name: 'Fjord IT A/S',
    domain: 'fjordit.example',
    people: [{ name: 'Sofie Fjord', email: 'sofie@fjordit.example', role: 'owner' }],
  },
]

export const demoPeople: readonly DemoPerson[] = companies.flatMap(({ name: tenant, people }) =>
  people.map(({ name, email, role }) => ({ name, email, role, tenant })),
)

/** Provisions the demo companies and lets every plugin furnish them; a company that stands already is left alone. */
export async function furnishDemo(
  core: Core,
  identity: Identity,
  password: string,
  progress: (company: string) => void,
): Promise<void> {
  const furnish = async (plan: CompanyPlan): Promise<void> => {
    if (await identity.isKnown(plan.people[0].email)) return
    progress(plan.name)
    await furnishCompany(core, identity, plan, password)
  }
  await Promise.all(companies.map(furnish))
  await core.database.closeIdle()
}

async function furnishCompany(
  core: Core,
  identity: Identity,
  plan: CompanyPlan,
  password: string,
): Promise<void> {
  const [owner, ...members] = plan.people
  const { name, domain, key } = plan
  const { tenantId, people } = await identity.provision({
    company: { name, domain },
    owner: { ...owner, password },
    members: members.map((member) => ({ ...member, password })),
  })
  const who = await identity.accessOf(tenantId, people[0]!.id)
  const actor = { kind: 'job', id: 'demo', name: 'TekUp' } as const
  const caller = { ...who, actor, origin: { surface: 'seed', requestId: `demo-${key}` } } as const
  await core.furnish(caller, async (context) => {
    for (const plugin of core.registry.plugins) await plugin.demo?.(context, { key, name, people })
  })
}

/** The demo people's password: the one that was set, else one made at the first start and kept beside the data. */
export async function demoPassword(dataDirectory: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given
  const file = join(dataDirectory, 'demo-password')
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept !== undefined) return kept.trim()
  const made = readablePassword()
  await writeFile(file, `${made}\n`, { mode: 0o600 })
  return made
}
