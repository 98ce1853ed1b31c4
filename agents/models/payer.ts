import { personOf, type Account, type ReadContext } from '#core'

/** Who pays for what an operation asks of a model: the company, and whoever asked for it. */
export function payerOf({ tenant, actor }: Pick<ReadContext, 'tenant' | 'actor'>, purpose: string): Account {
  const person = personOf(actor)
  return {
    tenant: tenant.id,
    agent: actor.kind === 'agent' ? actor.id : 'none',
    purpose,
    ...(person && { person }),
  }
}
