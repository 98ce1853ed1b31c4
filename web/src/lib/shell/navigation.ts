import Blocks from '@lucide/svelte/icons/blocks'
import Bot from '@lucide/svelte/icons/bot'
import Building2 from '@lucide/svelte/icons/building-2'
import CircleUser from '@lucide/svelte/icons/circle-user'
import Gauge from '@lucide/svelte/icons/gauge'
import GraduationCap from '@lucide/svelte/icons/graduation-cap'
import ListChecks from '@lucide/svelte/icons/list-checks'
import Magnet from '@lucide/svelte/icons/magnet'
import MessagesSquare from '@lucide/svelte/icons/messages-square'
import MessageSquare from '@lucide/svelte/icons/message-square'
import Plug from '@lucide/svelte/icons/plug'
import ShieldCheck from '@lucide/svelte/icons/shield-check'
import Sparkles from '@lucide/svelte/icons/sparkles'
import Unplug from '@lucide/svelte/icons/unplug'
import UserCog from '@lucide/svelte/icons/user-cog'
import Users from '@lucide/svelte/icons/users'
import Waypoints from '@lucide/svelte/icons/waypoints'
import Workflow from '@lucide/svelte/icons/workflow'
import type { Component } from 'svelte'
import type { MessageKey } from '#lib/messages/index.ts'
import { session } from '#lib/session/session.svelte.ts'

/** It is shown to those who have the permission that it `needs`, in a company that has the `part` of TekUp switched on. */
type Place = { href: string; label: MessageKey; icon: Component; needs?: string; part?: string }
/** `short` is its label where there is little room; `counted` where what waits is counted. */
type Destination = Place & { key: string; short?: MessageKey; counted?: true }

/** The pages of the menu, in order. `key` follows a `g`: g then c goes to contacts. */
const allDestinations: Destination[] = [
  { href: '/', label: 'nav.chat', icon: MessageSquare, key: 'h' },
  { href: '/leads', label: 'nav.leads', icon: Magnet, key: 'l', part: 'leads' },
  { href: '/contacts', label: 'nav.contacts', icon: Users, key: 'c', part: 'crm' },
  { href: '/companies', label: 'nav.companies', icon: Building2, key: 'f', part: 'crm' },
  {
    href: '/approvals',
    label: 'nav.approvals',
    short: 'nav.approvalsShort',
    icon: ShieldCheck,
    key: 'a',
    counted: true,
  },
]

export const destinations = (): Destination[] =>
  allDestinations.filter(({ part }) => part === undefined || session.has(part))

/** The part that a page belongs to, where the company has switched it off. */
export const partOffAt = (pathname: string): string | undefined =>
  allDestinations.find(
    (each) => each.part !== undefined && !session.has(each.part) && isCurrent(each, pathname),
  )?.part

/** The pages of the settings, in order; the settings' own menu and the palette lead there. */
const allSettingsPages: Place[] = [
  { href: '/settings/people', label: 'people.title', icon: UserCog },
  { href: '/settings/parts', label: 'parts.title', icon: Blocks, needs: 'platform.plugins:write' },
  { href: '/settings/agents', label: 'agents.title', icon: Bot, needs: 'agents.agents:write' },
  { href: '/settings/models', label: 'models.title', icon: Sparkles, needs: 'agents.models:read' },
  { href: '/settings/usage', label: 'usage.title', icon: Gauge, needs: 'platform.usage:read' },
  { href: '/settings/learning', label: 'learning.title', icon: GraduationCap, needs: 'agents.memories:read' },
  { href: '/settings/traces', label: 'traces.title', icon: Waypoints, needs: 'agents.traces:read' },
  {
    href: '/settings/automations',
    label: 'automations.title',
    icon: Workflow,
    needs: 'platform.automations:read',
  },
  {
    href: '/settings/leads',
    label: 'leadSettings.title',
    icon: Magnet,
    needs: 'leads.forms:write',
    part: 'leads',
  },
  {
    href: '/settings/slack',
    label: 'slack.title',
    icon: MessagesSquare,
    needs: 'slack.workspaces:read',
    part: 'slack',
  },
  { href: '/settings/jobs', label: 'jobs.title', icon: ListChecks, needs: 'platform.jobs:write' },
  { href: '/settings/servers', label: 'servers.title', icon: Unplug, needs: 'agents.servers:read' },
  { href: '/settings/programs', label: 'programs.title', icon: Plug, needs: 'platform.connections:read' },
  { href: '/settings/sessions', label: 'account.title', icon: CircleUser },
]

export const settingsPages = (): Place[] =>
  allSettingsPages.filter(
    ({ needs, part }) =>
      (needs === undefined || session.may(needs)) && (part === undefined || session.has(part)),
  )

export function isCurrent({ href }: Place, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
}
