import { plugin } from '#core'
import installDa from './install/locales/da.json' with { type: 'json' }
import installEn from './install/locales/en.json' with { type: 'json' }

/** Slack as a domain: what can be done about workspaces, people and channels there. Each room adds its own lines. */
export const slackPlugin = plugin({
  name: 'slack',
  version: '0.1.0',
  access: { employee: [], readOnly: [] },
  operations: [],
  locales: {
    da: { ...installDa },
    en: { ...installEn },
  },
  migrations: new URL('./migrations/', import.meta.url),
})
