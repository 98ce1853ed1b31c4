import { createRegistry } from '#core'
import { describeTenancy } from '#core/testing'
import { agentsPlugin } from '#agents'
import { slackPlugin } from '#channels/slack'
import { plugins as domains } from '#plugins'

const plugins = [agentsPlugin, slackPlugin, ...domains]

describeTenancy(plugins, createRegistry(plugins).operations, { numRuns: 25, steps: 40 })
