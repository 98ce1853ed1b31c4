/** The sentences that only the settings of Slack have. */
export const slackMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
