/** The sentences that only the pages of background jobs have. */
export const jobsMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
