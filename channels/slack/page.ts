import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { sentence, type Locale, type Sentence } from '#core'

interface PageContent {
  readonly title: Sentence
  readonly text: Sentence
  readonly values?: Readonly<Record<string, string>>
  /** Of our own files. */
  readonly script?: string
}

const home: Sentence = { da: 'Til TekUp', en: 'To TekUp' }

const stylesheet = '/slack/page.css'

/** How those pages look. */
export function registerPageStyle(app: FastifyInstance): void {
  const style = readFile(new URL('page.css', import.meta.url), 'utf8')
  app.get(stylesheet, async (_request, reply) => reply.type('text/css; charset=utf-8').send(await style))
}

/** A small page of a few words, for the ends of roads that begin in Slack. */
export function page(reply: FastifyReply, locale: Locale, { title, text, values, script }: PageContent): FastifyReply {
  const heading = escape(sentence(title, locale, values))
  const code = script === undefined ? '' : `<script type="module" src="${script}"></script>`
  return reply.type('text/html; charset=utf-8').header('Cache-Control', 'no-store').header('Referrer-Policy', 'no-referrer')
    .send(`<!doctype html><html lang="${locale}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${heading} – TekUp</title>
<link rel="stylesheet" href="${stylesheet}">${code}
<main><h1>${heading}</h1><p id="text">${escape(sentence(text, locale, values))}</p><p><a href="/">${escape(home[locale])}</a></p></main>`)
} // prettier-ignore

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character]!)
