import { AsyncLocalStorage } from 'node:async_hooks'
import type { SlackParts } from '../parts.ts'
import { workspaceById } from '../reach.ts'
import { homesOf, publishHome, type KnownHome } from './publish.ts'

export interface HomeWatch {
  close(): Promise<void>
}

/** Milliseconds in which several changes are one: a Home may be published a hundred times a minute in a whole workspace. */
const calm = 1_000

/** What stands in a Home, or takes something out of it. */
const resources = new Set([
  'platform.approvals',
  'platform.grants',
  'platform.conversations',
  'platform.messages',
])

/** Shows the Homes anew that people have opened, when what stands in them changes. They are read again; a hint is enough. */
export function watchHomes(parts: SlackParts): HomeWatch {
  const { core } = parts
  /** What is stored is told inside its transaction, and what follows on it is none of that. */
  const outside = AsyncLocalStorage.snapshot()
  const due = new Map<string, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  let isClosed = false

  const show = async (tenant: string, person: string | undefined): Promise<void> => {
    for (const home of await homesOf(core, tenant, person))
      await showAnew(parts, tenant, home).catch((error: unknown) =>
        core.log.warn({ err: error }, 'an App Home could not be shown anew'),
      )
  }
  const plan = (tenant: string, person: string | undefined): void => {
    const key = `${tenant} ${person ?? ''}`
    if (isClosed || due.has(key)) return
    const begin = (): void => {
      due.delete(key)
      const work = show(tenant, person).catch((error: unknown) => core.log.warn({ err: error }, 'App Homes could not be read')) // prettier-ignore
      running.add(work)
      void work.finally(() => running.delete(work))
    }
    due.set(key, setTimeout(begin, calm).unref())
  }
  core.outbox.onStored((stored) => {
    for (const { tenant, type, person } of stored)
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
