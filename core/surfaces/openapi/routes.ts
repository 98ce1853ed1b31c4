import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify'
import { Fault } from '../../errors.ts'
import { BoundedMap } from '../../identity/boundedMap.ts'
import type { Registry } from '../../operations/registry.ts'
import type { Authenticate } from '../authentication.ts'
import { apiRoot } from '../rest/routes.ts'
import { openApiDocument, type DocumentedPaths } from './document.ts'

export type { DocumentedPaths } from './document.ts'

interface Reference {
  readonly registry: Registry
  readonly authenticate: Authenticate
  /** Addresses that are not operations. */
  readonly documented: DocumentedPaths
}

/**
 * The reference that is made from the code: as a document, and as a page that can be browsed and tried. It is public
 * and whole; whoever is signed in reads what their company has switched on.
 */
export function registerOpenApi(app: FastifyInstance, reference: Reference): void {
  const textOf = keptTexts(reference)
  app.get(`${apiRoot}/openapi.json`, async (request, reply) => {
    const domains = await domainsOf(request, reference)
    return reply
      .header('Cache-Control', 'private, no-cache')
      .header('Vary', 'Authorization, Cookie, X-Api-Key')
      .type('application/json; charset=utf-8')
      .send(textOf(domains))
  })
  registerPage(app)
}

async function domainsOf(request: FastifyRequest, { registry, authenticate }: Reference) {
  try {
    return (await authenticate(request)).domains
  } catch (error) {
    if (error instanceof Fault && error.status < 500) return new Set(registry.domains)
    throw error
  }
}

const mostTexts = 20

/** Companies that have the same parts on read the same text. */
function keptTexts({ registry, documented }: Reference): (domains: ReadonlySet<string>) => string {
  const kept = new BoundedMap<string>(mostTexts)
  return (domains) => {
    const key = [...domains].toSorted().join(' ')
    const text = kept.get(key) ?? JSON.stringify(openApiDocument(registry, documented, domains))
    kept.set(key, text)
    return text
  }
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
