import type { Clock } from './moment.ts'

interface TimeFound {
  readonly start: number
  readonly end: number
  readonly time: Clock
}

const pattern =
  /(?<![\p{L}\d.,/:])(?:(?<lead>kl\.?|klokken|at)\s*)?(?<hour>\d{1,2})(?:[.:](?<minute>\d{2}))?\s*(?<half>am|pm|a\.m\.|p\.m\.)?(?![\p{L}\d]|[.,:/]\d)/giu
const named = /(?<![\p{L}])(?:at\s+|kl\.?\s*)?(?<name>noon|midday|middag)(?![\p{L}])/giu

/** Times of day: "kl. 14.30", "klokken 9", "14:30", "at 2 pm", "at noon". A bare number is none. */
export function findTimes(text: string): TimeFound[] {
  const figures = [...text.matchAll(pattern)].flatMap((match) => {
    const { lead, hour, minute, half } = match.groups ?? {}
    const colon = match[0].includes(':')
    if (!lead && !half && !colon) return []
    const time = clock(Number(hour), Number(minute ?? 0), half)
    return time ? [{ start: match.index, end: match.index + match[0].trimEnd().length, time }] : []
  })
  const words = [...text.matchAll(named)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    time: { hour: 12, minute: 0 },
  }))
  return [...figures, ...words]
}

function clock(hour: number, minute: number, half: string | undefined): Clock | undefined {
  const evening = half?.toLowerCase().startsWith('p')
  const of24 = half ? (hour % 12) + (evening ? 12 : 0) : hour
  return of24 < 24 && minute < 60 ? { hour: of24, minute } : undefined
}
