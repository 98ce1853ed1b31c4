import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Fault, type Authenticated, type Core, type Locale } from '#core'
import { page } from '../page.ts'
import type { SlackParts } from '../parts.ts'
import { browserHash } from './installing.ts'
import { redirectPath } from './manifest.ts'

/** What the browser keeps while the admin is at Slack; another browser cannot end what this one began. */
const cookie = 'tekup_slack_install'
const begin = 'slack.installs.begin'
const finish = 'slack.installs.finish'

const words = {
  connected: { da: 'Slack er forbundet', en: 'Slack is connected' },
  connectedTo: {
    da: 'Workspacet {name} er forbundet med TekUp.',
    en: 'The workspace {name} is connected to TekUp.',
  },
  failed: { da: 'Slack blev ikke forbundet', en: 'Slack was not connected' },
  denied: { da: 'Der blev sagt nej på Slacks side.', en: 'Somebody said no on Slack’s page.' },
} as const

/** From the dashboard to Slack's page and back. Both ends are operations: permission, trail and all. */
export function registerInstallRoutes(app: FastifyInstance, parts: SlackParts): void {
  app.get<{ Querystring: { app?: string } }>('/slack/install', async (request, reply) => {
    const who = await signedIn(parts, request, reply)
    if (!who) return reply
    return sayFaults(who.locale, reply, async () => {
      const secret = randomBytes(32).toString('base64url')
      const redirectUri = parts.originFor(request) + redirectPath
      const given = request.query.app
      const { url } = (await call(parts, begin, { redirectUri, browser: browserHash(secret), ...(given && { app: given }) }, who, request)) as { url: string }
      reply.setCookie(cookie, secret, { httpOnly: true, secure: request.protocol === 'https', sameSite: 'lax', path: '/slack', maxAge: 600 })
      return reply.redirect(url)
    })
  }) // prettier-ignore
  app.get<{ Querystring: Readonly<Record<string, string | undefined>> }>(
    redirectPath,
    async (request, reply) => {
      const who = await signedIn(parts, request, reply)
      if (!who) return reply
      return sayFaults(who.locale, reply, async () => {
        const { state = '', code, error } = request.query
        const { locale } = who
        reply.clearCookie(cookie, { path: '/slack' })
        if (error !== undefined || code === undefined)
          return page(reply, locale, { title: words.failed, text: words.denied })
        const browser = request.cookies[cookie] ?? 'none'
        const { name } = (await call(parts, finish, { id: state, code, browser }, who, request)) as {
          name: string
        }
        return page(reply, locale, { title: words.connected, text: words.connectedTo, values: { name } })
      })
    },
  )
}

/** Whoever has not signed in does that first, and comes back. */
async function signedIn(
  { authenticate }: SlackParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Authenticated | undefined> {
  try {
    return await authenticate(request)
  } catch (error) {
    if (!(error instanceof Fault) || error.status !== 401) throw error
    void reply.redirect(`/login?next=${encodeURIComponent(request.url)}`)
    return undefined
  }
}

async function call(
  { core }: { core: Core },
  name: string,
  input: object,
  who: Authenticated,
  { id }: FastifyRequest,
): Promise<unknown> {
  const caller = { ...who, origin: { surface: 'rest' as const, requestId: id } }
  return (await core.invoke(core.registry.find(name)!, input, caller)).value
}

/** A person reads this in a browser: a refusal is a page too. */
async function sayFaults(
  locale: Locale,
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const said = { da: error.sentence('da'), en: error.sentence('en') }
    return page(reply.code(error.status), locale, {
      title: words.failed,
      text: { da: '{said}', en: '{said}' },
      values: { said: said[locale] },
    })
  }
}
