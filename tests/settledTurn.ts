import { expect } from 'vitest'
import { rows, type Call, type Row } from './visitor.ts'

/**
 * Says something, and waits until everything that is kept of the turn can be read: its answer is told a moment before.
 * Answers the turn's trace.
 */
export async function settledTurn(call: Call, text: string): Promise<Row> {
  const { conversation } = (await call('POST', '/chat/messages', { text })) as { conversation: string }
  const used = () => rows(call, `/platform/usage?conversationId=${conversation}`)
  const isSettled = async () => {
    const states = new Set((await used()).map(({ status }) => status))
    return states.size === 1 && states.has('settled')
  }
  await expect.poll(isSettled).toBe(true)
  const traces = () => rows(call, '/agents/traces?limit=20')
  const trace = async () => (await traces()).find(({ conversationId }) => conversationId === conversation)
  await expect.poll(trace).toBeDefined()
  return (await trace())!
}
