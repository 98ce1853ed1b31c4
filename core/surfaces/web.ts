import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fault } from '../errors.ts'
import { sendFault } from './errors.ts'
import { apiRoot } from './rest/routes.ts'

const methods = ['GET', 'POST', 'PATCH', 'DELETE'] as const
const page = '200.html'

/**
 * Serves the built web app from its own address: hashed files for ever, the page anew each time, and the page for
 * every address that the app itself routes. Unknown API addresses stay API answers.
 */
export async function registerWeb(app: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, page))
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const lasting = path.includes(`${join('_app', 'immutable')}`)
        reply.header('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  const policy = built ? pagePolicy(await readFile(join(folder, page), 'utf8')) : undefined
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    if (policy !== undefined && isPage(request, path)) {
      return reply.header('Content-Security-Policy', policy).sendFile(page)
    }
    return answerUnknown(app, request, reply, path)
  })
}

const isPage = ({ method }: FastifyRequest, path: string): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  !path.startsWith('/api/') &&
  !/^\/(_app|mcp|oauth|slack|\.well-known)\b|\.\w+$/.test(path)

/** An address that nothing answers, in the error shape, with the methods that would have worked. */
function answerUnknown(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
): FastifyReply {
  const allowed = methods.filter((method) => app.findRoute({ method, url: path }) !== null)
  if (allowed.length === 0 || !path.startsWith(apiRoot)) return sendFault(fault('not_found'), request, reply)
  reply.header('Allow', allowed.join(', '))
  return sendFault(fault('method_not_allowed', { allowed: allowed.join(', ') }), request, reply)
}

/** The page may run its own files and the inline scripts it was built with, by their hashes (CSP level 3), and nothing else. */
function pagePolicy(html: string): string {
  const inline = html.matchAll(/<script(?![^>]*\bsrc\b)[^>]*>([\s\S]*?)<\/script>/g)
  const hashes = Array.from(inline, ([, script = '']) => {
    const digest = createHash('sha256').update(script).digest('base64')
    return `'sha256-${digest}'`
  })
  return [
    `default-src 'self'`,
    `script-src 'self' ${hashes.join(' ')}`.trim(),
    `style-src 'self'`,
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data:`,
    `connect-src 'self'`,
    `font-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}
