import { locale } from '#lib/messages/index.ts'

// Everything lies behind sign-in and is drawn in the browser; the server hands out one page for every address.
export const ssr = false
export const prerender = false

export const load = () => locale.ready()
