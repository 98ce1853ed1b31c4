/** The sentences that only the chat has, and where its thumbs are shown again. */
export const chatMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
