import { expect } from 'vitest'
import type { Product, signIn } from './process.ts'

export type Call = Awaited<ReturnType<typeof signIn>>

export interface Row {
  readonly id: string
  readonly [field: string]: unknown
}

export const rows = async (call: Call, path: string): Promise<readonly Row[]> =>
  ((await call('GET', path)) as { items: Row[] }).items

/** The public key of the company's form, which is made where there is none. */
export async function formKey(call: Call): Promise<string> {
  const [known] = await rows(call, '/leads/forms')
  const form = known ?? ((await call('POST', '/leads/forms', { name: 'Tilbud' })) as Row)
  return String(form['publicKey'])
}

/** Sends the form as a visitor's browser does: with its key, and nothing else that opens a door. */
export async function visit({ address }: Product, key: string, name: string): Promise<void> {
  const values = {
    name,
    // Companies are told apart by the domains of their addresses.
    email: `post@${name.toLowerCase().replaceAll(' ', '-')}.example`,
    phone: '20123456',
    companyName: `Strandby ${name}`,
    message: 'Giv os et tilbud på daglig rengøring, tak.',
  }
  const response = await fetch(`${address}/api/v1/public/leads/forms/${key}/submit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ values, consent: true }),
  })
  expect(response.status).toBe(200)
}
