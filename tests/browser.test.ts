import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { startOutside } from '../agents/testing/outsideServer.ts'
import { describeAgents } from './browser/agents.ts'
import { describeAutomations } from './browser/automations.ts'
import { describeChat } from './browser/chat.ts'
import { describeConnect } from './browser/connect.ts'
import { describeCustomers } from './browser/customers.ts'
import { describeEntrance } from './browser/entrance.ts'
import { describeJobs } from './browser/jobs.ts'
import { describeLeadSettings } from './browser/leadSettings.ts'
import { describeLearning } from './browser/learning.ts'
import { describeLeads } from './browser/leads.ts'
import { describeLive } from './browser/live.ts'
import { describeModels } from './browser/models.ts'
import { describePages } from './browser/pages.ts'
import { describeParts } from './browser/parts.ts'
import { describePeople } from './browser/people.ts'
import { describeServers } from './browser/servers.ts'
import { describeSlack, startSlack } from './browser/slack.ts'
import { describeStop } from './browser/stop.ts'
import { describeTraces } from './browser/traces.ts'
import { describeUsage } from './browser/usage.ts'
import { executablePath, launchBrowser, type BrowserWorld } from './browser/world.ts'
import { startProduct } from './process.ts'

if (!executablePath)
  process.stderr.write('Skipped: the page in a real browser, because Chromium is not installed.\n')

describe.skipIf(!executablePath)('the page in a real browser', { timeout: 180_000 }, () => {
  const world = {} as BrowserWorld
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tekup-browser-'))
    world.outside = await startOutside()
    world.slack = await startSlack()
    world.product = await startProduct({
      ...world.slack.settings,
      DATA_DIR: folder,
      EGRESS_ALLOW: world.outside.host,
      RATE_LIMIT_PER_MINUTE: '100000',
    })
    world.browser = await launchBrowser()
  }, 180_000)
  afterAll(async () => {
    await world.browser?.close()
    await world.product?.stop()
    await world.slack?.close()
    await world.outside?.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  describeEntrance(world)
  describeChat(world)
  describeConnect(world)
  describeCustomers(world)
  describeLeads(world)
  describeLive(world)
  describePeople(world)
  describeModels(world)
  describeAgents(world)
  describeUsage(world)
  describeLearning(world)
  describeTraces(world)
  describeAutomations(world)
  describeServers(world)
  describeJobs(world)
  describeLeadSettings(world)
  describeSlack(world)
  describePages(world)
  describeParts(world)
  describeStop(world)
})
