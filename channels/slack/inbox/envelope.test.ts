import { describe, expect, test } from 'vitest'
import { addresseeOf, readEvent } from './envelope.ts'

const told = (event: object, more: object = {}) =>
  readEvent({ type: 'event_callback', event_id: 'Ev1', event, ...more })

describe('whom a delivery is for', () => {
  test('is the installation that an event is authorized for, not the company of whoever wrote it', () => {
    const authorizations = [{ team_id: 'T_OURS', enterprise_id: null }]
    expect(addresseeOf({ api_app_id: 'A1', team_id: 'T_THEIRS', authorizations })).toEqual({ app: 'A1', team: 'T_OURS', enterprise: undefined }) // prettier-ignore
  })

  test('is the organisation where the app is installed for all of it, and no company of somebody who is there too', () => {
    const organisation = { app: 'A1', team: undefined, enterprise: 'E1' }
    const authorizations = [{ team_id: null, enterprise_id: 'E1', is_enterprise_install: true }]
    expect(addresseeOf({ api_app_id: 'A1', team_id: 'T_THEIRS', authorizations })).toEqual(organisation)
    const pressed = { team: null, enterprise: { id: 'E1' }, user: { id: 'U1', team_id: 'T_THEIRS' } }
    expect(addresseeOf({ api_app_id: 'A1', is_enterprise_install: true, ...pressed })).toEqual(organisation)
    const command = { command: '/tekup', team_id: 'T1', enterprise_id: 'E1' }
    expect(addresseeOf({ api_app_id: 'A1', is_enterprise_install: 'true', ...command })).toEqual(organisation)
  })

  test('is nobody where an event is authorized for no workspace', () => {
    const authorizations = [{ team_id: null, enterprise_id: null }]
    expect(addresseeOf({ api_app_id: 'A1', team_id: 'T_THEIRS', authorizations }).team).toBeUndefined()
  })

  test('is the workspace of a button, a command, or the app that opened the modal', () => {
    expect(addresseeOf({ team: { id: 'T1' }, user: { id: 'U1', team_id: 'T2' } })).toMatchObject({
      team: 'T1',
    })
    expect(addresseeOf({ command: '/tekup', team_id: 'T1', enterprise_id: 'E1' })).toMatchObject({ team: 'T1', enterprise: 'E1' }) // prettier-ignore
    expect(addresseeOf({ team: { id: 'T2' }, view: { app_installed_team_id: 'T1' } })).toMatchObject({
      team: 'T1',
    })
  })
})

describe('what an event is about', () => {
  const said = { channel: 'C1', user: 'U1', ts: '1766458026.000100', event_ts: '1766458026.000100' }

  test('is the same message, whichever of its two tellings came', () => {
    const [mention, message] = [told({ type: 'app_mention', ...said }), told({ type: 'message', ...said })]
    expect(mention).toMatchObject({ message: 'C1 1766458026.000100', author: 'U1' })
    expect(message).toEqual(mention)
  })

  test('is one lane for a thread: its root, its replies, their edits and removals, and Stop', () => {
    const reply = { ...said, ts: '1766458027.000100', thread_ts: said.ts }
    const lanes = [
      told({ type: 'message', ...said }),
      told({ type: 'message', ...reply }),
      told({
        type: 'message',
        subtype: 'message_changed',
        channel: 'C1',
        message: reply,
        event_ts: '1766458028.000100',
      }),
      told({
        type: 'message',
        subtype: 'message_deleted',
        channel: 'C1',
        previous_message: said,
        event_ts: '1766458029.000100',
      }),
      told({
        type: 'agent_session_stopped',
        channel: 'C1',
        user: 'U1',
        thread_ts: said.ts,
        event_ts: '1766458030.000100',
      }),
    ].map((event) => event?.lane)
    expect(new Set(lanes)).toEqual(new Set([`C1 ${said.ts}`]))
  })

  test('is no new message where one is edited, and the one who wrote it is who wrote the message', () => {
    const edit = told({ type: 'message', subtype: 'message_changed', channel: 'C1', message: { ...said, bot_id: 'B1' }, event_ts: '1766458028.000100' }) // prettier-ignore
    expect(edit).toMatchObject({ message: undefined, author: 'B1', happened: '1766458028.000100' })
  })

  test('is nothing where Slack tells of itself', () => {
    expect(told({ type: 'message', subtype: 'channel_join', ...said })).toBeUndefined()
    expect(readEvent({ type: 'event_callback', event: said })).toBeUndefined()
  })
})
