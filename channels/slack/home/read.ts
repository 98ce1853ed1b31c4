import { sql, type Authenticated, type Core } from '#core'
import { asSeenBy, callAs, type Approval } from '../approvals/approval.ts'

/** What one person's App Home shows. */
export interface HomeContent {
  readonly name: string
  readonly waiting: readonly Approval[]
  readonly running: readonly Asked[]
  readonly recent: readonly Asked[]
  readonly grants: readonly Grant[]
  readonly quota: readonly Quota[]
}

/** A conversation of theirs. */
interface Asked {
  readonly id: string
  readonly title: string
  readonly at: string
}

interface Grant {
  readonly id: string
  readonly personId: string
  readonly title: string
  readonly agentName: string
  readonly fields: readonly { readonly label: string; readonly value: string }[]
}

interface Quota {
  readonly period: 'day' | 'month'
  readonly usedPercent: number
}

type Page<Item> = { readonly items: readonly Item[] }

/** Read as the person, by the operations that every way in has; what they may not see is not there. */
export async function readHome(core: Core, who: Authenticated): Promise<HomeContent> {
  const list = <Item>(name: string, input: object): Promise<readonly Item[]> =>
    callAs<Page<Item>>(core, who, name, input).then(({ items }) => items)
  const [waiting, conversations, grants, running, quota] = await Promise.all([
    list<Approval>('platform.approvals.list', { status: 'pending', limit: 20 }),
    list<{ id: string; title: string; updatedAt: string }>('platform.conversations.list', { limit: 5 }),
    list<Grant>('platform.grants.list', { limit: 20 }),
    runningFor(core, who),
    quotaOf(core, who),
  ])
  return {
    name: who.actor.name,
    waiting: waiting.map((approval) => asSeenBy(who, approval)),
    running,
    recent: conversations.map(({ id, title, updatedAt }) => ({ id, title, at: updatedAt })),
    grants: grants.filter(({ personId }) => personId === who.actor.id),
    quota,
  }
}

/** Conversations in which an agent works for the person at this moment. */
const runningFor = ({ database }: Core, { tenant, actor }: Authenticated): Promise<Asked[]> =>
  database.read<Asked>(
    tenant.id,
    sql`SELECT DISTINCT c.id, c.title, to_json(t.started_at) #>> '{}' AS at FROM platform.turns t
      JOIN platform.conversations c ON c.tenant_id = t.tenant_id AND c.id = t.conversation_id
      WHERE t.tenant_id = ${tenant.id} AND t.person_id = ${actor.id} AND t.status IN ('waiting', 'running')
        AND t.lease_until > now() LIMIT 5`,
  )

/** What is set for this very person; the company's is for those who look after it. */
const quotaOf = ({ database }: Core, { tenant, actor }: Authenticated): Promise<Quota[]> =>
  database.read<Quota>(
    tenant.id,
    sql`SELECT t.period, t.used_percent AS "usedPercent" FROM platform.budget_list t
      WHERE t.tenant_id = ${tenant.id} AND t.covers = 'person' AND t.subject_id = ${actor.id} ORDER BY t.period`,
  )
