/** The sentences that only the pages of leads have. */
export const leadsMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
