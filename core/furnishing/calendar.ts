import type { Chance } from './chance.ts'

const day = 86_400_000

/** A moment of a working day, so many days before now (a little more where that was a weekend), never in the future. */
export function workingMoment(chance: Chance, now: Date, daysAgo: number): Date {
  const moment = new Date(now.getTime() - daysAgo * day)
  const weekend = [2, 0, 0, 0, 0, 0, 1][moment.getUTCDay()]!
  moment.setUTCDate(moment.getUTCDate() - weekend)
  moment.setUTCHours(chance.between(7, 14), chance.pick([0, 5, 10, 15, 20, 30, 40, 45]), 0, 0)
  return moment > now ? new Date(moment.getTime() - day) : moment
}

/** The date so many days after now, as ISO 8601. */
export const dateAfter = (now: Date, days: number): string =>
  new Date(now.getTime() + days * day).toISOString().slice(0, 10)
