import { setTimeout as wait } from 'node:timers/promises'
import { createLogger, openJobStore, readConfig, type Core } from '#core'
import { answering } from '../clients/answering.ts'
import { now } from '../measure/clock.ts'
import type { Company } from '../world/companies.ts'
import { callerOf, openCore } from '../world/core.ts'
import { ask, tally, want } from '../world/tally/tally.ts'
import { measured, type Asked, type Opened, type Span } from './opened.ts'

const log = createLogger({ level: 'error', format: 'json' })
let core: Core
let opened: Opened
let onChange: (change: { readonly status: string; readonly tenant: string }) => void = () => undefined

/** The product with everything in one process (`ROLE=all`): it answers, moves events on, hands jobs out and does them. */
answering({
  open: async (given: Opened) => {
    opened = given
    const { runtimeUrl, redisUrl } = given
    core = openCore({ runtimeUrl, secret: secret() }, [tally], redisUrl ? { REDIS_URL: redisUrl } : {})
    core.jobs.listen({ onJobChange: (change) => onChange(change) })
  },
  ...measured({ ask: askAll, work, spanOf }),
  work: async () => work(),
  /** One after the other, each once the one before is done: when each was asked for, by the id of its stroke. */
  askSingly: async ({ company, times, by }: { company: Company; times: number; by: 'enqueue' | 'emit' }) => {
    const asked: [string, number][] = []
    for (let time = 0; time < times; time++) {
      const done = spanOf(1, company.tenant)
      const at = now()
      asked.push([(await call((by === 'emit' ? want : ask) as typeof ask, company, 1))[0]!, at])
      await done
      await wait(20 + Math.random() * 30)
    }
    return asked
  },
  rest: () => core.jobs.stop(),
  close: () => core.close(),
})

const secret = (): Buffer => Buffer.from(opened.secret, 'base64')

function work(): void {
  const config = readConfig({ REDIS_URL: opened.redisUrl })
  core.jobs.start(() => openJobStore({ config, adminUrl: opened.adminUrl, secret: secret(), log }))
}

async function askAll({ companies, jobs, together }: Asked): Promise<void> {
  for (let asked = 0; asked < jobs; asked += together)
    await call(ask, companies[(asked / together) % companies.length]!, together)
}

async function call(operation: typeof ask, company: Company, times: number): Promise<string[]> {
  return (await core.invoke(operation, { times }, callerOf(core, company))).value.ids
}

/** So many jobs, of this company or of any. */
function spanOf(jobs: number, company?: string): Promise<Span> {
  let begun: number | undefined
  let left = jobs
  return new Promise((resolve) => {
    onChange = ({ status, tenant }) => {
      if (company !== undefined && company !== tenant) return
      if (status === 'running') begun ??= now()
      if (status === 'done' && --left === 0) resolve({ begun: begun!, ended: now() })
    }
  })
}
