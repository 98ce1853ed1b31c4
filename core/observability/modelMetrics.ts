import { Counter, Histogram, type Registry } from 'prom-client'
import type { MeterObserver } from '../usage/meter.ts'

const secondsBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60]

/** Companies may name models as they like; beyond so many names the rest share one label. */
const mostModels = 50

/** Calls, tokens, cost and time of models, and how often a budget said no. No tenant and no person is a label. */
export function createModelMetrics(registry: Registry): MeterObserver {
  const registers = [registry]
  const calls = new Counter({ name: 'tekup_model_calls_total', help: 'Calls of models that are over, by model and by who counted the tokens.', labelNames: ['model', 'measured'], registers }) // prettier-ignore
  const tokens = new Counter({ name: 'tekup_model_tokens_total', help: 'Tokens, by model and kind; cached are part of the input, reasoning of the output.', labelNames: ['model', 'kind'], registers }) // prettier-ignore
  const cost = new Counter({ name: 'tekup_model_cost_total', help: 'Cost of calls in whole units of the currency, by model.', labelNames: ['model', 'currency'], registers }) // prettier-ignore
  const seconds = new Histogram({ name: 'tekup_model_seconds', help: 'Seconds that a call of a model took, by model.', labelNames: ['model'], buckets: secondsBuckets, registers }) // prettier-ignore
  const refusals = new Counter({ name: 'tekup_budget_refusals_total', help: 'Calls of models that a budget had no room for, by what it covers and its period.', labelNames: ['covers', 'period'], registers }) // prettier-ignore
  const bounded = boundedLabel(mostModels)
  return {
    settled: ({ model: name, use, cost: micros, currency }) => {
      const model = bounded(name)
      calls.inc({ model, measured: use.measured })
      tokens.inc({ model, kind: 'input' }, use.inputTokens)
      tokens.inc({ model, kind: 'cached' }, use.cachedTokens)
      tokens.inc({ model, kind: 'output' }, use.outputTokens)
      tokens.inc({ model, kind: 'reasoning' }, use.reasoningTokens)
      if (micros > 0) cost.inc({ model, currency }, micros / 1_000_000)
      seconds.observe({ model }, use.milliseconds / 1000)
    },
    refused: ({ covers, period }) => refusals.inc({ covers, period }),
  }
}

function boundedLabel(most: number): (name: string) => string {
  const known = new Set<string>()
  return (name) => {
    if (known.size < most) known.add(name)
    return known.has(name) ? name : 'other'
  }
}
