import { SocketModeClient } from '@slack/socket-mode'
import { WebSocket } from 'ws'
import { afterEach, describe, expect, test } from 'vitest'
import type { Fields } from './state.ts'
import { refusalOf, silent, socketsClosed, startTestWorld, type TestWorld } from './testWorld.ts'

let world: TestWorld
const clients: SocketModeClient[] = []
const sockets: WebSocket[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.disconnect()))
  for (const socket of sockets.splice(0)) socket.terminate()
  await world.close()
})

interface Envelope {
  readonly ack: (answer?: object) => Promise<void>
  readonly envelope_id: string
  readonly retry_num: number
  readonly type: string
  readonly body: Fields
}

async function connect(hear: (envelope: Envelope) => void): Promise<SocketModeClient> {
  const client = new SocketModeClient({
    appToken: world.slack.app.appToken, logger: silent, clientPingTimeout: 100,
    clientOptions: { slackApiUrl: world.slack.settings['SLACK_API_URL']! },
  }) // prettier-ignore
  clients.push(client)
  client.on('slack_event', hear)
  await client.start()
  return client
}

const openUrl = async () =>
  String((await world.clientFor(world.slack.app.appToken).apps.connections.open({})).url)

/** A socket by hand, and what came over it. */
async function openSocket(): Promise<{ socket: WebSocket; said: Fields[] }> {
  const socket = new WebSocket(await openUrl())
  const said: Fields[] = []
  sockets.push(socket)
  socket.on('message', (data) => said.push(JSON.parse(String(data)) as Fields))
  await expect.poll(() => said.length).toBe(1)
  return { socket, said }
}

const textOf = (envelope: Envelope) => (envelope.body['event'] as Fields)['text']

describe('Socket Mode', () => {
  test('Slack’s own client is greeted, hears an event and takes it', async () => {
    world = await startTestWorld({ socketMode: true })
    const heard: Envelope[] = []
    await connect((envelope) => (heard.push(envelope), void envelope.ack()))
    world.slack.say('anna', 'general', 'over en snor')
    await world.slack.settled()
    expect(heard).toMatchObject([
      { type: 'events_api', retry_num: 0, body: { event: { text: 'over en snor' } } },
    ])
    expect(world.slack.deliveries.log.at(-1)?.answer).toEqual({ status: 200, body: '' })
  })

  test('what people do is answered over the socket', async () => {
    world = await startTestWorld({ socketMode: true })
    await connect((envelope) => void envelope.ack({ text: 'Straks' }))
    await world.slack.command('anna', 'general', '/tekup', 'hej')
    expect(world.slack.messages('general').at(-1)).toMatchObject({
      text: 'Straks',
      onlyFor: expect.any(String) as string,
    })
  })

  test('what is not taken within three seconds comes again under the same event id', async () => {
    world = await startTestWorld({ socketMode: true })
    const heard: Envelope[] = []
    await connect((envelope) => void (heard.push(envelope) > 1 && envelope.ack()))
    world.slack.say('anna', 'general', 'igen')
    await expect.poll(() => heard.length).toBe(1)
    await world.slack.clock.advance(3000)
    await world.slack.settled()
    expect(heard.map(({ retry_num: number }) => number)).toEqual([0, 1])
    expect(new Set(heard.map(({ body }) => body['event_id'])).size).toBe(1)
    expect(new Set(heard.map(({ envelope_id: id }) => id)).size).toBe(2)
  })

  test('no event is lost while a client is asked to come again', async () => {
    world = await startTestWorld({ socketMode: true })
    const heard: string[] = []
    await connect((envelope) => (heard.push(String(textOf(envelope))), void envelope.ack()))
    world.slack.refreshSockets()
    await socketsClosed(world.slack)
    world.slack.say('anna', 'general', 'imens')
    await expect.poll(() => heard).toContain('imens')
    expect(world.slack.openSockets).toBe(1)
  })

  test('an event goes to one of the sockets, by turns', async () => {
    world = await startTestWorld({ socketMode: true })
    const heard: number[] = []
    for (const index of [0, 1]) await connect((envelope) => (heard.push(index), void envelope.ack()))
    for (const text of ['1', '2', '3', '4']) world.slack.say('anna', 'general', text)
    await world.slack.settled()
    expect(heard.toSorted()).toEqual([0, 0, 1, 1])
  })

  test('the greeting counts the sockets, and the eleventh is turned away', async () => {
    world = await startTestWorld({ socketMode: true })
    const opened = []
    for (let index = 0; index < 11; index++) opened.push(await openSocket())
    expect(opened[9]?.said[0]).toMatchObject({
      type: 'hello',
      num_connections: 10,
      connection_info: { app_id: world.slack.app.id },
    })
    expect(opened[10]?.said[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' })
  })

  test('a URL is for one socket alone', async () => {
    world = await startTestWorld({ socketMode: true })
    const url = await openUrl()
    const first = new WebSocket(url)
    sockets.push(first)
    await expect.poll(() => first.readyState).toBe(WebSocket.OPEN)
    const second = new WebSocket(url)
    const status = await new Promise((resolve) =>
      second.on('unexpected-response', (_, response) => resolve(response.statusCode)),
    )
    expect(status).toBe(401)
    second.on('error', () => undefined).terminate()
  })

  test('an app that does not use it gets no URL', async () => {
    world = await startTestWorld()
    expect(await refusalOf(openUrl())).toBe('forbidden_team')
  })
})
