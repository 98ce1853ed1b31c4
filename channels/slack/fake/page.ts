import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Acts } from './acts.ts'
import { readArguments } from './arguments.ts'
import { sightOf } from './pageSight.ts'
import type { Message } from './state.ts'
import type { World } from './world.ts'

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
}

/** The page for people: its files, what one of them sees, a line when something changed, and what they do. */
export async function answerPage(
  world: World,
  acts: Acts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) {
  if (path === '/page/sight') return json(response, sightOf(world, personIn(request)))
  if (path === '/page/changes') return follow(world, response)
  if (path === '/page/act' && request.method === 'POST') return act(world, acts, request, response)
  return sendFile(response, path === '/' ? '/page/index.html' : path)
}

const personIn = ({ url = '' }: IncomingMessage): string =>
  new URL(url, 'http://fake.slack').searchParams.get('as') ?? ''

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const name = /^\/page\/([a-zA-Z]+\.(css|html|js))$/.exec(path)
  if (!name) return void response.writeHead(404).end('Not found')
  const content = await readFile(new URL(`page/${name[1]}`, import.meta.url))
  response
    .writeHead(200, { 'Content-Type': types[name[2] ?? ''] ?? '', 'Cache-Control': 'no-store' })
    .end(content)
}

function json(response: ServerResponse, body: unknown): void {
  response
    .writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    .end(JSON.stringify(body))
}

/** Server-sent events that only say "look again". */
function follow(world: World, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  response.write(': here\n\n')
  const tell = (): void => void response.write('data: change\n\n')
  world.changes.on('change', tell)
  response.on('close', () => world.changes.off('change', tell))
}

interface Deed {
  readonly act: string
  readonly as: string
  readonly channel?: string
  readonly ts?: string
  readonly thread?: string
  readonly text?: string
  readonly actionId?: string
  readonly answer?: unknown
  readonly answers?: Readonly<Record<string, unknown>>
}

async function act(
  world: World,
  acts: Acts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { args } = await readArguments(request)
  try {
    json(response, { ok: true, answer: (await perform(world, acts, args as unknown as Deed)) ?? null })
  } catch (error) {
    json(response, { ok: false, error: error instanceof Error ? error.message : String(error) })
  }
}

function perform(world: World, acts: Acts, deed: Deed): unknown {
  const { as, text = '', channel = '', actionId = '', answer, answers } = deed
  const thread = deed.thread ? messageAt(world, channel, deed.thread) : undefined
  const named = (): Message => messageAt(world, channel, deed.ts ?? '')
  const deeds: Readonly<Record<string, () => unknown>> = {
    say: () => acts.say(as, channel, text, thread && { thread }).ts,
    edit: () => acts.edit(named(), text),
    remove: () => acts.remove(named()),
    react: () => acts.react(as, named(), text),
    press: () => acts.press(as, named(), actionId, answer),
    pressInView: () => acts.pressInView(as, actionId, answer, answers),
    submit: () => acts.submit(as, answers),
    dismiss: () => acts.dismiss(as),
    command: () => acts.command(as, channel, actionId, text),
    shortcut: () => acts.shortcut(as, actionId, deed.ts ? named() : undefined),
    openHome: () => void acts.openHome(as, text === 'messages' ? 'messages' : 'home'),
    stop: () => acts.stop(as, named()),
    invite: () => acts.invite(channel),
    install: () => void acts.install({ team: world.workspace.user(as).team.id }),
    uninstall: () => acts.uninstall(world.workspace.user(as).team.id),
  }
  const work = deeds[deed.act]
  if (!work) throw new Error(`Nobody can "${deed.act}" here.`)
  return work()
}

function messageAt({ workspace }: World, channel: string, ts: string): Message {
  const found = workspace.findMessage(workspace.channel(channel), ts)
  if (!found) throw new Error('That message is gone.')
  return found
}
