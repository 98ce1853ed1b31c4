import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../errors.ts'
import { localeFrom, type Locale } from '../../language.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { PublicForm } from '../../operations/publicForm.ts'
import { callByKey, keyOf, type Door } from './callByKey.ts'
import { formPage, refusalPage, thanksPage } from './formPage.ts'
import { proofScript } from './formProof.ts'
import { formStyle } from './formStyle.ts'
import { plainFormReader } from './plainForm.ts'

/** Where a form has a page of the product's own. It is a page without a script, but for the proof that some forms ask for. */
export const formPageAddress = (key: string): string => `/f/${key}`

const lasting = 'public, max-age=3600'

export function registerFormPages(app: FastifyInstance, door: Door): void {
  const { registry } = door.core
  const opening = registry.operations.find(({ publicKey }) => publicKey?.page)
  const sending = opening && registry.find(opening.publicKey!.page!.sentBy)
  if (!opening || !sending) return
  const page = pageHandlers(door, opening, sending)
  app.get('/f/form.css', (_, reply) => reply.header('Cache-Control', lasting).type('text/css; charset=utf-8').send(formStyle)) // prettier-ignore
  app.get('/f/proof.js', (_, reply) => reply.header('Cache-Control', lasting).type('text/javascript; charset=utf-8').send(proofScript)) // prettier-ignore
  app.get(formPageAddress(':key'), page.show)
  app.post(formPageAddress(':key'), { bodyLimit: 64 * 1024 }, page.take)
}

function pageHandlers(door: Door, opening: AnyOperation, sending: AnyOperation) {
  const readPlain = plainFormReader(sending)
  const open = async (request: FastifyRequest, reply: FastifyReply): Promise<PublicForm> => {
    const locale = localeFrom(request.headers['accept-language'])
    const { value } = await callByKey(door, opening, request, reply, { sent: {}, locale })
    return PublicForm.parse(value)
  }
  const show = async (request: FastifyRequest, reply: FastifyReply) => {
    const form = await open(request, reply)
    const isSent = 'sent' in (request.query as object)
    return send(reply, form, isSent ? thanksPage(form) : formPage(form, { values: {} }))
  }
  /** After it was taken the visitor is led on, so that loading the page again sends nothing twice. */
  const take = async (request: FastifyRequest, reply: FastifyReply) => {
    const form = await open(request, reply)
    const sent = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    try {
      const page = `${request.protocol}://${request.host}${formPageAddress(keyOf(request))}`
      const given = { ...readPlain(sent), page }
      await callByKey(door, sending, request, reply, { sent: given, locale: form.language })
      return await reply.redirect(form.thanksUrl ?? `${formPageAddress(keyOf(request))}?sent`, 303)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const problem = error.sentence(form.language)
      return send(reply.code(error.status), form, formPage(form, { values: Object.fromEntries(sent), problem })) // prettier-ignore
    }
  }
  return { show: refusedInWords(show), take: refusedInWords(take) }
}

const isRefusal = (error: unknown): error is Fault => error instanceof Fault && error.status < 500

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** A form that is not there, or a visitor who comes too often, is told so as a page. */
const refusedInWords =
  (handler: Handler): Handler =>
  async (request, reply) => {
    try {
      return await handler(request, reply)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const locale: Locale = localeFrom(request.headers['accept-language'])
      return send(reply.code(error.status), undefined, refusalPage(error, locale))
    }
  }

/** Nobody frames it, it loads our own style and nothing else, and it may lead on to the one address that the form names. */
function send(reply: FastifyReply, form: PublicForm | undefined, html: string): FastifyReply {
  const onward = form?.thanksUrl ? ` ${new URL(form.thanksUrl).origin}` : ''
  const policy = [
    `default-src 'none'`,
    `style-src 'self'`,
    `script-src 'self'`,
    `form-action 'self'${onward}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ]
  return reply
    .header('Content-Security-Policy', policy.join('; '))
    .header('Cache-Control', 'no-store')
    .header('Referrer-Policy', 'same-origin')
    .type('text/html; charset=utf-8')
    .send(html)
}
