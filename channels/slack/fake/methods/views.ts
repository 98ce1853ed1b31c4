import { checkView } from '../blockKit/validate.ts'
import { refuse } from '../refusal.ts'
import type { Fields } from '../state.ts'
import { changeView, describeView, openView, type NewView } from '../views.ts'
import type { View } from '../world.ts'
import { fields, installationOf, maybe, text, userOf, type Call, type Methods } from './call.ts'

/** Modals that lie on each other. */
const highestStack = 3

export const views: Methods = {
  'views.open': (call) => {
    const content = checkView(fields(call, 'view') ?? {}, 'modal')
    const { user, team } = call.world.triggers.exchange(triggerId(call))
    return opened(call, { content, user, team })
  },

  'views.push': (call) => {
    const content = checkView(fields(call, 'view') ?? {}, 'modal')
    const { user, team, viewId } = call.world.triggers.exchange(triggerId(call))
    const previous = call.world.views.get(viewId ?? '') ?? refuse('not_found')
    if (stackOf(call, previous).length >= highestStack) refuse('push_limit_reached')
    return opened(call, { content, user, team, previous })
  },

  'views.update': (call) => {
    const view = viewNamed(call)
    checkHash(call, view)
    changeView(call.world, view, checkView(fields(call, 'view') ?? {}, view.type))
    return { view: describeView(call.world, view) }
  },

  'views.publish': (call) => {
    if (call.world.app.manifest.features?.app_home?.home_tab_enabled !== true) refuse('not_enabled')
    const content = checkView(fields(call, 'view') ?? {}, 'home')
    const user = userOf(call, 'user_id')
    const known = [...call.world.views.values()].find((view) => view.type === 'home' && view.user === user)
    if (!known) return opened(call, { content, user, team: installationOf(call).team, type: 'home' })
    checkHash(call, known)
    changeView(call.world, known, content)
    return { view: describeView(call.world, known) }
  },
}

function opened(call: Call, view: NewView): Fields {
  checkExternalId(call, view.content)
  return { view: describeView(call.world, openView(call.world, view)) }
}

const triggerId = (call: Call): string =>
  maybe(call, 'trigger_id') ?? maybe(call, 'interactivity_pointer') ?? refuse('invalid_arguments')

function viewNamed(call: Call): View {
  const externalId = maybe(call, 'external_id')
  const view = externalId
    ? [...call.world.views.values()].find(({ content }) => content['external_id'] === externalId)
    : call.world.views.get(text(call, 'view_id'))
  return view?.isOpen ? view : refuse('not_found')
}

/** Who names the hash that was seen does not write over what came since. */
function checkHash(call: Call, { hash }: View): void {
  const seen = maybe(call, 'hash')
  if (seen !== undefined && seen !== hash) refuse('hash_conflict')
}

function checkExternalId(call: Call, { external_id: id }: Fields): void {
  const isTaken = [...call.world.views.values()].some(
    (view) => view.isOpen && view.content['external_id'] === id,
  )
  if (id && isTaken) refuse('duplicate_external_id')
}

const stackOf = (call: Call, { rootId }: View): View[] =>
  [...call.world.views.values()].filter((view) => view.isOpen && view.rootId === rootId)
