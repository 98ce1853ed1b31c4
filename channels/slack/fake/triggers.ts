import type { FakeClock } from './clock.ts'
import type { Ids } from './ids.ts'
import { refuseArguments, refuse } from './refusal.ts'
import type { Channel, Message, Team, User } from './state.ts'

/** A response URL is good for half an hour and five answers. */
const lifeOfResponseUrl = 30 * 60_000
const usesOfResponseUrl = 5

export interface Trigger {
  readonly user: User
  readonly team: Team
  /** The view in which the person acted: what is pushed lies on it. */
  readonly viewId?: string
}

export interface ResponseUrl {
  readonly channel: Channel
  readonly user: User
  readonly message?: Message
}

export interface Triggers {
  issue(trigger: Trigger): string
  /** @throws SlackRefusal invalid_trigger_id, expired_trigger_id, exchanged_trigger_id */
  exchange(id: string): Trigger
  issueUrl(address: string, target: ResponseUrl): string
  /** @throws SlackRefusal used_url, expired_url, invalid_url */
  useUrl(path: string): ResponseUrl
}

/** A trigger id opens one modal within `lifeOfTrigger` milliseconds of what a person did. */
export function createTriggers(clock: FakeClock, ids: Ids, lifeOfTrigger: number): Triggers {
  const triggers = new Map<string, { trigger: Trigger; at: number; isUsed: boolean }>()
  const urls = new Map<string, { target: ResponseUrl; at: number; uses: number }>()

  function exchange(id: string): Trigger {
    const known = triggers.get(id)
    if (!known)
      return refuseArguments(['invalid `trigger_id` [json-pointer:/trigger_id]'], 'invalid_trigger_id')
    if (known.isUsed) return refuse('exchanged_trigger_id')
    if (clock.now() - known.at > lifeOfTrigger) return refuse('expired_trigger_id')
    known.isUsed = true
    return known.trigger
  }

  function useUrl(path: string): ResponseUrl {
    const known = urls.get(path)
    if (!known) return refuse('invalid_url')
    if (clock.now() - known.at > lifeOfResponseUrl) return refuse('expired_url')
    if (known.uses >= usesOfResponseUrl) return refuse('used_url')
    known.uses += 1
    return known.target
  }

  return {
    exchange,
    useUrl,
    issue: (trigger) => {
      const id = `${Math.floor(clock.now() / 1000)}.${trigger.team.id}.${ids.secret('trigger')}`
      triggers.set(id, { trigger, at: clock.now(), isUsed: false })
      return id
    },
    issueUrl: (address, target) => {
      const path = `/actions/${target.channel.team.id}/${ids.secret('response')}`
      urls.set(path, { target, at: clock.now(), uses: 0 })
      return `${address}${path}`
    },
  }
}
