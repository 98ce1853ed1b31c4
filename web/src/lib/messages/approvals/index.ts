/** The sentences that only the page of approvals has. */
export const approvalsMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
