import type { Config } from '#core'

/** Where people reach us, for links in messages: `https://tekup.example`, without a slash at the end. */
export const originOf = ({ PUBLIC_URL, HOST, PORT }: Config): string =>
  PUBLIC_URL === undefined ? `http://${HOST}:${PORT}` : new URL(PUBLIC_URL).origin
