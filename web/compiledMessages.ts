import { parse } from '@formatjs/icu-messageformat-parser'
import type { Plugin } from 'vite'

const parser = '@formatjs/icu-messageformat-parser'

/**
 * Parses the ICU messages when the page is built, so that no reader's browser has to fetch a parser: a pattern with
 * values arrives as its syntax tree, all others stay the text that they are.
 * https://unicode-org.github.io/icu/userguide/format_parse/messages/
 */
export function compiledMessages(): Plugin {
  return {
    name: 'compiled-messages',
    enforce: 'pre',
    config: () => ({ resolve: { alias: [{ find: parser, replacement: `${parser}/no-parser.js` }] } }),
    transform: {
      filter: { id: /\/messages\/(?:\w+\/)?(?:da|en)\.json$/ },
      handler: (source) => ({
        code: JSON.stringify(JSON.parse(source), (_, value: unknown) => compile(value)),
        map: { mappings: '' },
      }),
    },
  }
}

const compile = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('{') ? parse(value, { ignoreTag: true }) : value
