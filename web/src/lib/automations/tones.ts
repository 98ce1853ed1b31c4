export const statusTones = { draft: 'warn', on: 'good', off: 'neutral', stopped: 'danger' } as const
export const runTones = { held: 'neutral', waiting: 'neutral', running: 'accent', done: 'good', failed: 'danger', cancelled: 'warn' } as const // prettier-ignore
