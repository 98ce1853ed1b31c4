import { plugin } from '#core'

/**
 * What can be done about the agents themselves: a domain like any other, which no company switches off. Each room's
 * operations and words are added here; importing it loads no LangChain.
 */
export const agentsPlugin = plugin({
  name: 'agents',
  version: '0.1.0',
  alwaysOn: true,
  access: { employee: [], readOnly: [] },
  operations: [],
  locales: { da: {}, en: {} },
  migrations: new URL('./migrations/', import.meta.url),
})
