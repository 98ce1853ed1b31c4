import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../errors.ts'
import { localeFrom } from '../../language.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { PublicForm } from '../../operations/publicForm.ts'
import { refusalOf, refuse } from '../errors.ts'
import { callByKey, keyOf, type Door } from './callByKey.ts'
import { formPage, refusalPage, thanksPage, type Mending } from './formPage.ts'
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
  app.get(formPageAddress(':key'), { errorHandler: refuseAsPage }, page.show)
  app.post(formPageAddress(':key'), { bodyLimit: 64 * 1024, errorHandler: refuseAsPage }, page.take)
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
    return send(reply, isSent ? thanksPage(form) : formPage(form))
  }
  /** After it was taken the visitor is led on, so that loading the page again sends nothing twice. */
  const take = async (request: FastifyRequest, reply: FastifyReply) => {
    const form = await open(request, reply)
    const sent = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    const address = formPageAddress(keyOf(request))
    try {
      const given = { ...readPlain(sent), page: `${request.protocol}://${request.host}${address}` }
      await callByKey(door, sending, request, reply, { sent: given, locale: form.language })
      return await reply.redirect(`${address}?sent`, 303)
    } catch (error) {
      if (!(error instanceof Fault) || error.status >= 500 || error.status === 404) throw error
      return send(refuse(reply, error), formPage(form, mending(form, error, sent)))
    }
  }
  return { show, take }
}

/** What the visitor may mend; the field, where one is to blame, is the one that the refusal calls by its label. */
const mending = ({ language }: PublicForm, refusal: Fault, sent: URLSearchParams): Mending => ({
  values: Object.fromEntries(sent),
  problem: refusal.sentence(language),
  wrong: refusal.details['label'],
})

/** A form that is not there, or a visitor who comes too often, is told so as a page. */
async function refuseAsPage(error: FastifyError | Fault, request: FastifyRequest, reply: FastifyReply) {
  const refusal = await refusalOf(error, request)
  const locale = localeFrom(request.headers['accept-language'])
  return send(refuse(reply, refusal), refusalPage(refusal, locale))
}

/** Nobody frames it, it loads our own style and script and nothing else, and what is written goes to us alone. */
const policy = [
  `default-src 'none'`,
  `style-src 'self'`,
  `script-src 'self'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ')

const send = (reply: FastifyReply, html: string): FastifyReply =>
  reply
    .header('Content-Security-Policy', policy)
    .header('Cache-Control', 'no-store')
    .header('Referrer-Policy', 'same-origin')
    .type('text/html; charset=utf-8')
    .send(html)
