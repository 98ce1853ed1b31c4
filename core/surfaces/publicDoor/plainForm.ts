import type { FastifyReply } from 'fastify'
import type { Fault } from '../../errors.ts'
import type { Locale } from '../../language.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { queryReader } from '../rest/input.ts'
import { escaped } from './escaped.ts'

/** A form of a web page that runs no script: fields in, a page out. */

export const plainFormType = 'application/x-www-form-urlencoded'

type Fields = Record<string, unknown>

/** The fields of the input as its schema reads them; all others go where the operation wants the rest. */
export function plainFormReader(operation: AnyOperation): (sent: URLSearchParams) => Fields {
  const known = (operation.input as { shape?: object }).shape ?? {}
  const read = queryReader(operation)
  const { rest } = operation.publicKey!
  return (sent) => {
    const fields = Object.fromEntries([...sent].map(([name, value]) => [name, ticked(value)]))
    const names = Object.keys(fields)
    const own = names.filter((name) => Object.hasOwn(known, name) && name !== rest)
    const others = names.filter((name) => !own.includes(name))
    const input = read(chosen(fields, own))
    return rest === undefined
      ? { ...input, ...chosen(fields, others) }
      : { ...input, [rest]: chosen(fields, others) }
  }
}

/** A ticked box says `on` where its page gives it no value (HTML, 4.10.5.1.15). */
const ticked = (value: string): string => (value === 'on' ? 'true' : value)

const chosen = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, fields[name]]))

const words = {
  da: {
    thanks: 'Tak. Vi har modtaget det, du har sendt.',
    wrong: 'Det lykkedes ikke',
    back: 'Gå tilbage, og prøv igen.',
  },
  en: {
    thanks: 'Thank you. We have received what you sent.',
    wrong: 'That did not work',
    back: 'Go back and try again.',
  },
}

export function sendThanks(reply: FastifyReply, address: unknown, locale: Locale): FastifyReply {
  if (typeof address === 'string') return reply.redirect(address, 303)
  return sendPage(reply, locale, `<h1>${words[locale].thanks}</h1>`)
}

export function sendRefusal(reply: FastifyReply, refusal: Fault, locale: Locale): FastifyReply {
  const { wrong, back } = words[locale]
  const sentence = escaped(refusal.sentence(locale))
  return sendPage(reply.code(refusal.status), locale, `<h1>${wrong}</h1><p>${sentence}</p><p>${back}</p>`)
}

/** Nothing but text: the policy of every answer lets such a page load nothing. */
function sendPage(reply: FastifyReply, locale: Locale, body: string): FastifyReply {
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>TekUp</title>'
  return reply
    .type('text/html; charset=utf-8')
    .send(`<!doctype html><html lang="${locale}"><head>${head}</head><body>${body}</body></html>`)
}
