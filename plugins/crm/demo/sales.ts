import { v7 as uuidv7 } from 'uuid'
import { dateAfter, workingMoment, type Chance } from '#core'
import type { Stage } from '../pipelines/stages.ts'
import type { DemoCustomer } from './customers.ts'
import type { Profile } from './profile.ts'

type Row = Readonly<Record<string, unknown>>

interface DemoSales {
  readonly deals: readonly Row[]
  readonly history: readonly Row[]
}

interface Around {
  readonly chance: Chance
  readonly now: Date
  readonly profile: Profile
  readonly pipeline: { readonly id: string; readonly stages: readonly Stage[] }
}

const dealCount = 80

/** The known deals, then made-up ones: more than half of them open, the rest won or lost, each with the way it went. */
export function makeSales(around: Around, customers: readonly DemoCustomer[]): DemoSales {
  const { chance, profile } = around
  const known = profile.known.flatMap(({ deal }, index) =>
    deal ? [makeDeal(around, customers[index]!, deal.title, deal.stage, deal.amount)] : [],
  )
  const others = customers.slice(profile.known.length, profile.known.length + dealCount - known.length)
  const made = others.map((customer) => {
    const title = chance
      .pick(profile.deals)
      .replace('{company}', customer.name.replace(/ (ApS|A\/S|I\/S)$/, ''))
    const amount = Math.round(chance.between(...profile.amounts) / 50_000) * 50_000
    return makeDeal(around, customer, title, likelyStage(chance), amount)
  })
  const all = [...known, ...made]
  return { deals: all.map(({ deal }) => deal), history: all.flatMap(({ history }) => history) }
}

/** How many of sixteen deals stand in each stage. */
const stageShares = { new: 2, contacted: 2, meeting: 2, proposal_sent: 2, negotiation: 1, won: 4, lost: 3 }
const stagesByShare = Object.entries(stageShares).flatMap(([stage, share]) =>
  Array<string>(share).fill(stage),
)

const likelyStage = (chance: Chance): string => chance.pick(stagesByShare)

function makeDeal(around: Around, customer: DemoCustomer, title: string, stageKey: string, amount: number) {
  const { chance, now, profile, pipeline } = around
  const id = uuidv7()
  const path = wayTo(pipeline.stages, stageKey, chance)
  const since = chance.between(2, 60)
  const entered = path.map((_, step) =>
    workingMoment(chance, now, since + (path.length - 1 - step) * chance.between(6, 14)),
  )
  entered.sort((left, right) => left.getTime() - right.getTime())
  const stage = path.at(-1)!
  const last = entered.at(-1)!
  const deal = {
    id,
    title,
    pipeline_id: pipeline.id,
    stage_id: stage.id,
    stage_since: last,
    status: stage.kind,
    company_id: customer.id,
    contact_id: customer.contacts[0]!.id,
    owner_id: customer.ownerId,
    amount,
    expected_close_on: stage.kind === 'open' ? dateAfter(now, chance.between(5, 90)) : null,
    closed_at: stage.kind === 'open' ? null : last,
    lost_reason: stage.kind === 'lost' ? chance.pick(profile.lostReasons) : null,
    created_at: entered[0],
  }
  const history = path.map((passed, step) => ({
    id: uuidv7(),
    deal_id: id,
    stage_id: passed.id,
    entered_at: entered[step],
    left_at: entered[step + 1] ?? null,
  }))
  return { deal, history }
}

/** The stages from the first to this one; a lost deal was lost somewhere on the way. */
function wayTo(stages: readonly Stage[], key: string, chance: Chance): Stage[] {
  const target = stages.find((stage) => stage.key === key)!
  const open = stages.filter(({ kind }) => kind === 'open')
  if (target.kind === 'open') return open.slice(0, open.indexOf(target) + 1)
  return [...open.slice(0, target.kind === 'won' ? open.length : chance.between(1, open.length)), target]
}
