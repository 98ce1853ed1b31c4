/** The sentences of signing in, of invitations and of connecting a program. */
export const entranceMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
