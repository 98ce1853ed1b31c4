/** The sentences that only the page of automations has. */
export const automationsMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
