import Bot from '@lucide/svelte/icons/bot'
import Building2 from '@lucide/svelte/icons/building-2'
import CircleUser from '@lucide/svelte/icons/circle-user'
import Gauge from '@lucide/svelte/icons/gauge'
import GraduationCap from '@lucide/svelte/icons/graduation-cap'
import MessageSquare from '@lucide/svelte/icons/message-square'
import Plug from '@lucide/svelte/icons/plug'
import ShieldCheck from '@lucide/svelte/icons/shield-check'
import Sparkles from '@lucide/svelte/icons/sparkles'
import Unplug from '@lucide/svelte/icons/unplug'
import UserCog from '@lucide/svelte/icons/user-cog'
import Users from '@lucide/svelte/icons/users'
import Waypoints from '@lucide/svelte/icons/waypoints'
import type { Component } from 'svelte'
import type { MessageKey } from '#lib/messages/index.ts'
import { session } from '#lib/session/session.svelte.ts'

/** `needs` is the permission without which it is not shown. */
type Place = { href: string; label: MessageKey; icon: Component; needs?: string }
/** `short` is its label where there is little room; `counted` where what waits is counted. */
type Destination = Place & { key: string; short?: MessageKey; counted?: true }

/** The pages of the menu, in order. `key` follows a `g`: g then c goes to contacts. */
export const destinations: Destination[] = [
  { href: '/', label: 'nav.chat', icon: MessageSquare, key: 'h' },
  { href: '/contacts', label: 'nav.contacts', icon: Users, key: 'c' },
  { href: '/companies', label: 'nav.companies', icon: Building2, key: 'f' },
  {
    href: '/approvals',
    label: 'nav.approvals',
    short: 'nav.approvalsShort',
    icon: ShieldCheck,
    key: 'a',
    counted: true,
  },
]

/** The pages of the settings, in order; the settings' own menu and the palette lead there. */
const allSettingsPages: Place[] = [
  { href: '/settings/people', label: 'people.title', icon: UserCog },
  { href: '/settings/agents', label: 'agents.title', icon: Bot, needs: 'agents.agents:write' },
  { href: '/settings/models', label: 'models.title', icon: Sparkles, needs: 'agents.models:read' },
  { href: '/settings/usage', label: 'usage.title', icon: Gauge, needs: 'platform.usage:read' },
  { href: '/settings/learning', label: 'learning.title', icon: GraduationCap, needs: 'agents.memories:read' },
  { href: '/settings/traces', label: 'traces.title', icon: Waypoints, needs: 'agents.traces:read' },
  { href: '/settings/servers', label: 'servers.title', icon: Unplug, needs: 'agents.servers:read' },
  { href: '/settings/programs', label: 'programs.title', icon: Plug, needs: 'platform.connections:read' },
  { href: '/settings/sessions', label: 'account.title', icon: CircleUser },
]

export const settingsPages = (): Place[] =>
  allSettingsPages.filter(({ needs }) => needs === undefined || session.may(needs))

export function isCurrent({ href }: Place, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
}
