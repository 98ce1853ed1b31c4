import { faultsOfBlocks, faultsOfView } from '../blockKit/validate.ts'
import { tell } from '../events.ts'
import { refuse } from '../refusal.ts'
import { uninstall } from '../removal.ts'
import type { Execution } from '../world.ts'
import { actorOf, fields, installationOf, listed, text, type Call, type Methods } from './call.ts'

export const apps: Methods = {
  'auth.test': (call) => {
    const { team, bot, botId, enterprise, isOrgWide } = installationOf(call)
    const user = actorOf(call)
    return {
      url: `https://${team.domain}.slack.com/`, team: team.name, user: user.name, team_id: team.id, user_id: user.id,
      ...(user === bot && { bot_id: botId }), ...(enterprise && { enterprise_id: enterprise.id }),
      is_enterprise_install: isOrgWide,
    } // prettier-ignore
  },

  'auth.revoke': (call) => {
    if (call.args['test'] === true) return { revoked: false }
    const installation = installationOf(call)
    call.world.installations.revoke(call.token)
    const person = call.token.user?.id
    const tokens = { oauth: person ? [person] : [], bot: person ? [] : [installation.bot.id] }
    tell(call.world, installation, { type: 'tokens_revoked', tokens, event_ts: call.world.ids.timestamp() })
    return { revoked: true }
  },

  'apps.uninstall': (call) => {
    const { app } = call.world
    if (text(call, 'client_id') !== app.clientId) refuse('invalid_client_id')
    if (text(call, 'client_secret') !== app.clientSecret) refuse('bad_client_secret')
    uninstall(call.world, installationOf(call))
  },

  'apps.connections.open': (call) => ({ url: call.world.sockets.open(call.world.address) }),

  'apps.event.authorizations.list': (call) => ({
    authorizations: call.world.installations.all
      .filter(({ isActive }) => isActive)
      .map(({ team, enterprise, bot, isOrgWide }) => ({
        enterprise_id: enterprise?.id ?? null, team_id: isOrgWide ? null : team.id, user_id: bot.id, is_bot: true,
        is_enterprise_install: isOrgWide,
      })), // prettier-ignore
  }),

  'blocks.validate': (call) => {
    const message = fields(call, 'message')
    const view = fields(call, 'view')
    const blocks = listed(call, 'blocks')
    if (!message && !view && !blocks) refuse('invalid_arguments')
    const errors = view
      ? faultsOfView(view)
      : faultsOfBlocks(blocks ?? message?.['blocks'], blocks ? '' : '/blocks')
    if (errors.length > 0) refuse('invalid_blocks', { errors })
  },

  'entity.presentDetails': (call) => {
    call.world.triggers.exchange(text(call, 'trigger_id'))
  },

  'functions.completeSuccess': (call) => {
    finish(call, { state: 'succeeded', outputs: fields(call, 'outputs') ?? {} })
  },

  'functions.completeError': (call) => {
    finish(call, { state: 'failed', error: text(call, 'error') })
  },
}

function finish(call: Call, end: Execution): void {
  const execution = call.world.executions.get(text(call, 'function_execution_id'))
  if (!execution) return refuse('function_execution_not_found')
  if (execution.state !== 'running') refuse('execution_not_in_running_state')
  Object.assign(execution, end)
}
