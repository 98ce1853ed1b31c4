import MessageSquare from '@lucide/svelte/icons/message-square'
import Users from '@lucide/svelte/icons/users'
import type { Component } from 'svelte'
import type { MessageKey } from '#lib/messages/index.ts'

type Destination = { href: string; label: MessageKey; icon: Component; key: string }

/** The pages of the menu, in order. `key` follows a `g`: g then c goes to contacts. */
export const destinations: Destination[] = [
  { href: '/', label: 'nav.chat', icon: MessageSquare, key: 'h' },
  { href: '/contacts', label: 'nav.contacts', icon: Users, key: 'c' },
]

export function isCurrent({ href }: Destination, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
}
