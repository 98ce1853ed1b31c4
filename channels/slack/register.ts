import type { App } from '@slack/bolt'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fail, ownAddress, type Authenticate, type Config, type Conversations, type Core } from '#core'
import type { Bolt } from './inbox/bolt.ts'
import { createInbox } from './inbox/inbox.ts'
import { createSockets } from './inbox/sockets.ts'
import { registerInboxRoutes } from './inbox/routes.ts'
import { listenApprovals } from './approvals/press.ts'
import { showApprovals } from './approvals/show.ts'
import { watchApprovals } from './approvals/watch.ts'
import { feedbackBlocks } from './home/feedback.ts'
import { listenHomeAndQuestions } from './home/listen.ts'
import { watchHomes } from './home/watch.ts'
import { createApiOf } from './install/api.ts'
import { createApps, sharedApp } from './install/apps.ts'
import { createDownload } from './install/download.ts'
import { createEndings } from './install/ending.ts'
import { listenInstall } from './install/listen.ts'
import { registerInstallRoutes } from './install/routes.ts'
import { createTokens } from './install/tokens.ts'
import { createOutgoing } from './outbox/createOutgoing.ts'
import { listenPeople } from './people/gate.ts'
import { createPeople } from './people/people.ts'
import { originOf } from './origin.ts'
import { registerPageStyle } from './page.ts'
import { registerLinkPage } from './people/routes.ts'
import { listenChannels } from './rules/listen.ts'
import { sweepOld } from './retention/sweep.ts'
import { readRules } from './rules/rules.ts'
import type { SlackParts } from './parts.ts'
import { listenTurns } from './turns/listen.ts'
import { createTurns } from './turns/turns.ts'

export interface SlackRegistration {
  readonly core: Core
  readonly conversations: Conversations
  readonly authenticate: Authenticate
  /** Listeners beside those of the rooms, for tests. */
  readonly listen?: (app: App, parts: SlackParts) => void
  /** Milliseconds that the Slack of a test gives an answer, where that is not three seconds. */
  readonly patience?: number
}

/** The channel while it runs. */
export interface Slack {
  readonly parts: SlackParts
  /** Resolves when nothing of what was received is left to do; for tests. */
  settled(): Promise<void>
  /** Fetches tokens that will have expired within so many seconds. */
  refreshTokens(seconds: number): Promise<void>
  /** Ends what it does in the background; what was received and not finished is gone on with at the next start. */
  close(): Promise<void>
}

/** Slack's ways in and out, on the server of this process. */
export async function registerSlack(app: FastifyInstance, given: SlackRegistration): Promise<Slack> {
  const { core } = given
  const apps = createApps(core)
  const tokens = createTokens(core)
  const api = createApiOf(core, tokens)
  const out = createOutgoing({ core, api })
  const people = createPeople(core, out)
  const endings = createEndings(core)
  const { patience = slacksPatience } = given
  const parts: SlackParts = {
    ...given,
    patience,
    api,
    out,
    download: createDownload(core, tokens),
    people,
    endings,
    origin: originOf(core.config),
    originFor: originFor(core.config),
  }
  const turns = createTurns(parts, {
    showApprovals: (...shown) => showApprovals(parts, ...shown),
    feedback: feedbackBlocks,
    rulesOf: (workspace, channel) => readRules(core.database, workspace, channel),
  })
  const bolt = onceNeeded(async () => {
    const { createBolt } = await import('./inbox/bolt.ts')
    const made = createBolt(core)
    listenPeople(made.app, parts, people)
    listenInstall(made.app, parts)
    listenApprovals(made.app, parts)
    listenChannels(made.app, parts)
    listenHomeAndQuestions(made.app, parts, turns)
    listenTurns(made.app, turns)
    given.listen?.(made.app, parts)
    return made
  })
  const failing =
    (what: string) =>
    (error: unknown): void =>
      core.log.error({ err: error }, `${what} could not be looked after`)
  if (sharedApp(core.config))
    app.addHook(
      'onListen',
      async () => void setTimeout(() => void bolt().catch(failing('Slack’s framework')), calm).unref(),
    )
  const inbox = createInbox(core, bolt, patience)
  await registerInboxRoutes(app, { apps, receive: inbox.receive, clock: core.clock })
  const sockets = createSockets(core, apps, inbox.receive)
  registerInstallRoutes(app, parts)
  registerLinkPage(app)
  registerPageStyle(app)
  endings.follow(
    (id, tenant) => void out.end({ tenant, id }).catch(failing('What waited for a workspace that has ended')),
  )
  const watches = [watchApprovals(parts), watchHomes(parts)]
  const stopping = [
    // They live twelve hours; each is fetched anew in its last two, also where nobody speaks meanwhile.
    often(15 * 60_000, () => tokens.refreshExpiring(2 * 3600).catch(failing('Slack’s tokens'))),
    often(60_000, () => out.recover().catch(failing('What was to go to Slack'))),
    often(10 * 60_000, () => sweepOld(core.database).catch(failing('What Slack told long ago'))),
  ]
  return {
    parts,
    settled: async () => {
      await inbox.settled()
      await turns.settled()
    },
    refreshTokens: tokens.refreshExpiring,
    close: async () => {
      for (const stop of stopping) stop()
      await sockets.close()
      await inbox.close()
      for (const watch of watches) await watch.close()
      await Promise.all([turns.close(), out.close()])
      await endings.close()
    },
  }
}

const slacksPatience = 3_000

/** Milliseconds for the first pages to go out before Slack's framework takes the processor. */
const calm = 1_000

/** Slack's framework and all listeners take a third of a second and 45 MB: they are loaded where Slack is in use. */
function onceNeeded(load: () => Promise<Bolt>): () => Promise<Bolt> {
  let loading: Promise<Bolt> | undefined
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    }))
}

/** Does it now and again and again: what a dead process left is found at the start. */
function often(milliseconds: number, work: () => Promise<void>): () => void {
  const timer = setInterval(() => void work(), milliseconds)
  void work()
  return () => clearInterval(timer)
}

const originFor =
  (config: Config) =>
  ({ protocol, host }: FastifyRequest): string => {
    if (config.PUBLIC_URL !== undefined) return new URL(config.PUBLIC_URL).origin
    const origin = `${protocol}://${host}`
    return ownAddress(config).isOrigin(origin) ? origin : fail('foreign_host')
  }
