import { describe, expect, test } from 'vitest'
import { definitions } from './methods/definitions.ts'
import { methods } from './methods/index.ts'
import { agentManifest, faultsOfManifest } from './manifest.ts'
import { startFakeSlack } from './startFakeSlack.ts'

describe('a manifest', () => {
  test('of an agent is taken', () => {
    expect(faultsOfManifest(agentManifest)).toEqual([])
  })

  test.each([
    ['without a name', { display_information: {} }, '/display_information/name'],
    [
      'with too long a description of the agent',
      {
        ...agentManifest,
        features: { ...agentManifest.features, agent_view: { agent_description: 'x'.repeat(301) } },
      },
      '/features/agent_view',
    ],
    [
      'with something that no manifest has',
      { ...agentManifest, settings: { ...agentManifest.settings, sound: true } },
      '/settings',
    ],
    [
      'with an event whose scope it does not ask for',
      { ...agentManifest, oauth_config: { scopes: { bot: ['commands'] } } },
      'app_mention needs the scope app_mentions:read',
    ],
    [
      'with commands but not the scope for them',
      { ...agentManifest, oauth_config: { scopes: { bot: [] } } },
      'the scope commands',
    ],
    ['with scopes but no bot', { ...agentManifest, features: {} }, '/features/bot_user'],
  ])('is refused %s', async (_, manifest, fault) => {
    expect(faultsOfManifest(manifest).join('\n')).toContain(fault)
    await expect(startFakeSlack({ manifest: manifest as never })).rejects.toThrow(
      'Slack would refuse this manifest',
    )
  })
})

test('every method that is documented is answered, and no other', () => {
  expect(Object.keys(methods).toSorted()).toEqual([...definitions.keys()].toSorted())
})
