import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { localeFrom } from '#core'
import { page } from '../page.ts'

const words = {
  title: { da: 'Er det dig i Slack?', en: 'Is that you in Slack?' },
  text: { da: 'Et øjeblik …', en: 'One moment …' },
}

/**
 * Where a one-time link leads. The link's secret stands behind the `#`, which no browser sends and no log keeps; the script
 * asks as the signed-in person, by the same operations that anybody else has.
 */
export function registerLinkPage(app: FastifyInstance): void {
  const script = readFile(new URL('page/link.js', import.meta.url), 'utf8')
  app.get('/slack/link', async (request, reply) =>
    page(reply, localeFrom(request.headers['accept-language']), { ...words, script: '/slack/link.js' }),
  )
  app.get('/slack/link.js', async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(await script),
  )
}
