import { z } from 'zod'
import { fail } from '../errors.ts'
import type { Egress } from '../egress/index.ts'
import { operation } from './operation.ts'
import { plugin } from './plugin.ts'
import type { Words } from './words.ts'

const Parcel = z.strictObject({ to: z.url().meta({ sink: 'url' }), text: z.string() })
const Receipt = z.object({ receipt: z.string() })
type Asked = z.output<typeof Parcel>

/** The smallest domain that speaks with another system. */
const sendParcel = operation({
  name: 'post.parcels.send',
  summary: 'Send a parcel',
  effect: 'send',
  input: Parcel,
  output: Receipt,
  async outside(parcel, { egress }) {
    return () => handOver(parcel, egress)
  },
  run: (_, __, receipt) => ({ receipt }),
})

const followParcel = operation({
  name: 'post.parcels.follow',
  summary: 'Ask where a parcel is',
  effect: 'read',
  input: Parcel,
  output: Receipt,
  async outside(parcel, { egress }) {
    return () => handOver(parcel, egress)
  },
  run: (_, __, receipt) => ({ receipt }),
})

const forwardParcel = operation({
  name: 'post.parcels.forward',
  summary: 'Send a parcel from within another operation, which nothing may',
  effect: 'send',
  input: Parcel,
  output: Receipt,
  run: (parcel, { call }) => call(sendParcel, parcel),
})

async function handOver({ to, text }: Asked, egress: Pick<Egress, 'fetchTo'>): Promise<string> {
  const go = egress.fetchTo({ hosts: [new URL(to).hostname] })
  const response = await go(to, { method: 'POST', body: text })
  return response.ok ? response.text() : fail('conflict', { reason: 'closed.' })
}

const operations = [sendParcel, followParcel, forwardParcel]
const locale = Object.fromEntries(
  operations.map(({ name, summary }): [string, Words] => [
    name,
    { title: summary, doing: summary, done: `${summary}.`, phrases: [summary] },
  ]),
)

export const post = plugin({
  name: 'post',
  version: '1.0.0',
  operations,
  locales: { da: locale, en: locale },
})
