/** The sentences that only the settings of leads have. */
export const leadSettingsMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
