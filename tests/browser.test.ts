import { describeApprovals } from './browser/approvals.ts'
import { describeChat } from './browser/chat.ts'
import { describeCustomers } from './browser/customers.ts'
import { describeEntrance } from './browser/entrance.ts'
import { describeInBrowser } from './browser/inBrowser.ts'
import { describeLate } from './browser/late.ts'
import { describeLeads } from './browser/leads.ts'
import { describeLive } from './browser/live.ts'
import { describeParts } from './browser/parts.ts'
import { describeStop } from './browser/stop.ts'

describeInBrowser('the page in a real browser', (world) => {
  describeEntrance(world)
  describeChat(world)
  describeApprovals(world)
  describeCustomers(world)
  describeLeads(world)
  describeLive(world)
  describeLate(world)
  describeParts(world)
  describeStop(world)
})
