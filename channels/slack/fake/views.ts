import { identify } from './blockKit/identify.ts'
import type { Block, Fields, Team, User } from './state.ts'
import type { View, World } from './world.ts'

export interface NewView {
  readonly content: Fields
  readonly user: User
  readonly team: Team
  readonly type?: View['type']
  readonly previous?: View
}

export function openView(world: World, { content, user, team, type = 'modal', previous }: NewView): View {
  const id = world.ids.next('V')
  const view: View = {
    id, user, team, type, rootId: previous?.rootId ?? id, hash: hashOf(world), isOpen: true,
    content: identified(world, content),
    ...(previous && { previousId: previous.id }),
  } // prettier-ignore
  world.views.set(id, view)
  world.changes.emit('change')
  return view
}

export function changeView(world: World, view: View, content: Fields): void {
  view.content = identified(world, content)
  view.hash = hashOf(world)
  world.changes.emit('change')
}

/** Closes a modal: it alone, or with all that lie under and on it. */
export function closeView(world: World, view: View, all: boolean): void {
  for (const one of world.views.values())
    if (one === view || (all && one.rootId === view.rootId)) one.isOpen = false
  world.changes.emit('change')
}

export function describeView(world: World, view: View, values: Fields = {}): Fields {
  return {
    id: view.id, team_id: view.team.id, type: view.type, private_metadata: '', callback_id: '', external_id: '',
    ...view.content, hash: view.hash, state: { values }, root_view_id: view.rootId,
    previous_view_id: view.previousId ?? null, app_id: world.app.id, app_installed_team_id: view.team.id,
    bot_id: world.installations.of(view.team)?.botId ?? '',
  } // prettier-ignore
}

const hashOf = (world: World): string =>
  `${Math.floor(world.clock.now() / 1000)}.${world.ids.secret('hash').slice(0, 8)}`

const identified = (world: World, content: Fields): Fields => ({
  ...content,
  blocks: identify(content['blocks'] as readonly Block[], () => world.ids.secret('block').slice(0, 5)),
})
