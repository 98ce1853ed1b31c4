import { describeAgents } from './browser/agents.ts'
import { describeAutomations } from './browser/automations.ts'
import { describeConnect } from './browser/connect.ts'
import { describeInBrowser } from './browser/inBrowser.ts'
import { describeJobs } from './browser/jobs.ts'
import { describeLeadSettings } from './browser/leadSettings.ts'
import { describeLearning } from './browser/learning.ts'
import { describeModels } from './browser/models.ts'
import { describePages } from './browser/pages.ts'
import { describePeople } from './browser/people.ts'
import { describeServers } from './browser/servers.ts'
import { describeSlack } from './browser/slack.ts'
import { describeTraces } from './browser/traces.ts'
import { describeUsage } from './browser/usage.ts'

describeInBrowser('the settings in a real browser', (world) => {
  describeConnect(world)
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
  // Last, so that what the stories left is seen on the pages.
  describePages(world)
})
