/** The sentences that only the settings' pages have. */
export const settingsMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
