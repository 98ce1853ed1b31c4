import { fastify, type FastifyInstance } from 'fastify'
import type { Registry } from '../../operations/registry.ts'
import { apiRoot } from '../rest/routes.ts'
import { openApiDocument, type DocumentedPaths } from './document.ts'

export type { DocumentedPaths } from './document.ts'

/** The reference that is made from the code: as a document, and as a page that can be browsed and tried. */
export async function registerOpenApi(
  app: FastifyInstance,
  registry: Registry,
  documented: DocumentedPaths,
): Promise<void> {
  let text: string | undefined
  app.get(`${apiRoot}/openapi.json`, async (_request, reply) => {
    text ??= JSON.stringify(openApiDocument(registry, documented))
    return reply.type('application/json; charset=utf-8').send(text)
  })
  registerPage(app)
}

const pageRoot = '/api/docs'

/** The page's script is 4 MB, which nobody's memory holds before somebody asks for it. */
function registerPage(app: FastifyInstance): void {
  let loaded: Promise<FastifyInstance> | undefined
  for (const path of ['', '/', '/js/scalar.js']) {
    app.get(pageRoot + path, async (request, reply) => {
      const page = await (loaded ??= loadPage())
      const { statusCode, headers, rawPayload } = await page.inject({ url: request.url })
      const { 'content-type': type, location } = headers
      if (location !== undefined) return reply.redirect(location, statusCode)
      return reply.code(statusCode).type(String(type)).send(rawPayload)
    })
  }
}

async function loadPage(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const page = fastify()
  await page.register(scalar, {
    routePrefix: pageRoot,
    configuration: { url: `${apiRoot}/openapi.json`, withDefaultFonts: false, telemetry: false } as never,
  })
  return page
}
