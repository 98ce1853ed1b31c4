/** The sentences that only the pages of contacts, companies and leads have. */
export const customersMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
