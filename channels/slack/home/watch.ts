import { AsyncLocalStorage } from 'node:async_hooks'
import { callsAMinute } from '../outbox/tiers.ts'
import type { SlackParts } from '../parts.ts'
import { workspaceById } from '../reach.ts'
import { claimHomes, publishHome, type KnownHome } from './publish.ts'

export interface HomeWatch {
  close(): Promise<void>
}

/** Milliseconds in which several changes are one. */
const calm = 1_000

/** What stands in a Home, or takes something out of it. */
const resources = new Set([
  'platform.approvals',
  'platform.grants',
  'platform.conversations',
  'platform.messages',
])

/**
 * Shows the Homes anew that people have opened, when what stands in them changes in whatever process. They are read again, so a
 * hint is enough; whoever misses one sees the change with the next, or when they open their Home.
 */
export function watchHomes(parts: SlackParts): HomeWatch {
  const { core } = parts
  /** What is stored is told inside its transaction, and what follows on it is none of that. */
  const outside = AsyncLocalStorage.snapshot()
  const due = new Map<string, NodeJS.Timeout>()
  /** When a change was last heard of, and until when what was shown is not shown again. */
  const heardAt = new Map<string, number>()
  const restsUntil = new Map<string, number>()
  const running = new Set<Promise<void>>()
  let isClosed = false

  const show = async (key: string, tenant: string, person: string | undefined): Promise<void> => {
    const secondsSince = (performance.now() - heardAt.get(key)!) / 1_000
    heardAt.delete(key)
    const homes = await claimHomes(core, tenant, person, secondsSince)
    rest(key, homes.length)
    for (const home of homes)
      await showAnew(parts, tenant, home).catch((error: unknown) =>
        core.log.warn({ err: error }, 'an App Home could not be shown anew'),
      )
  }
  /** Many Homes are shown no more often than Slack takes them: a change that concerns everybody may come with others. */
  const rest = (key: string, homes: number): void => {
    const wait = (homes * 60_000) / callsAMinute('views.publish')
    if (wait <= calm) return
    restsUntil.set(key, performance.now() + wait)
    setTimeout(() => restsUntil.delete(key), wait).unref()
  }
  const begin = (key: string, tenant: string, person: string | undefined): void => {
    due.delete(key)
    const work = show(key, tenant, person).catch((error: unknown) => core.log.warn({ err: error }, 'App Homes could not be read')) // prettier-ignore
    running.add(work)
    void work.finally(() => running.delete(work))
  }
  const plan = (tenant: string, person: string | undefined): void => {
    const key = `${tenant} ${person ?? ''}`
    if (isClosed) return
    heardAt.set(key, performance.now())
    if (due.has(key)) return
    const wait = Math.max(calm, (restsUntil.get(key) ?? 0) - performance.now())
    due.set(key, setTimeout(() => begin(key, tenant, person), wait).unref())
  }
  core.live.follow((hints) => {
    for (const { tenant, type, person } of hints)
      if (resources.has(type.slice(0, type.lastIndexOf('.')))) outside(plan, tenant, person)
  })
  return {
    close: async () => {
      isClosed = true
      for (const wait of due.values()) clearTimeout(wait)
      await Promise.all(running)
    },
  }
}

/** Who has left, or a workspace that has ended, has no Home. */
async function showAnew(
  parts: SlackParts,
  tenant: string,
  { workspace: id, person, slackUser, hash }: KnownHome,
) {
  const workspace = await workspaceById(parts.core, tenant, id)
  const who = workspace && (await parts.core.accessOf(tenant, person).catch(() => undefined))
  if (who) await publishHome(parts, { workspace, slackUser, hash }, who)
}
