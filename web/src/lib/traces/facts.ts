import type { TraceLine } from '#lib/api/types.ts'
import { formatCount, formatDuration, formatSmallMoney, t } from '#lib/messages/index.ts'

export const traceTones = { done: 'good', failed: 'danger', stopped: 'neutral' } as const

/** The models that were asked, each once. */
export const modelsOf = ({ models }: Pick<TraceLine, 'models'>): string => [...new Set(models)].join(', ')

export const tokensOf = ({
  inputTokens,
  outputTokens,
}: Pick<TraceLine, 'inputTokens' | 'outputTokens'>): string =>
  t('traces.tokens', { tokens: formatCount(inputTokens + outputTokens) })

/** What the turn cost; nothing where nothing was counted. */
export const costOf = ({ costMicros, currency }: TraceLine): string | undefined =>
  costMicros === null || currency === null ? undefined : formatSmallMoney(costMicros, currency)

/** How long it took, and how long until the first word. */
export const timesOf = ({ firstTokenMs, totalMs }: Pick<TraceLine, 'firstTokenMs' | 'totalMs'>): string =>
  firstTokenMs === null
    ? formatDuration(totalMs)
    : t('traces.times', { total: formatDuration(totalMs), first: formatDuration(firstTokenMs) })
