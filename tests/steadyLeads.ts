import { setTimeout as sleep } from 'node:timers/promises'
import type { TestDatabase } from '#core/testing'
import { demoPassword } from './process.ts'

/** Leads that are sent one after the other whatever becomes of the product, each under a key until it is acknowledged. */
export interface SteadyLeads {
  /** Names of the leads that were acknowledged. */
  readonly acknowledged: readonly string[]
  /** Everything else that was answered. */
  readonly refused: readonly Refusal[]
  /** Leads that are being sent at this moment. */
  readonly underway: number
  /** Resolves when so many more have been acknowledged, and rejects when it takes longer (milliseconds). */
  more(leads: number, within: number): Promise<void>
  /** Begins none any more, and resolves when those that were begun are acknowledged. */
  end(): Promise<void>
}

interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

interface Sending {
  readonly address: string
  /** Milliseconds that any answer may take. */
  readonly answersWithin: number
}

/** Milliseconds between two leads of one sender, and before what was refused is tried again. */
const pause = 400

/** Two senders, signed in as the owner of the company that `makeCompany` makes. */
export async function sendLeads({ address, answersWithin }: Sending): Promise<SteadyLeads> {
  const over = new AbortController()
  const acknowledged: string[] = []
  const refused: Refusal[] = []
  const token = await signedIn(address)
  let underway = 0
  const attempt = async (name: string): Promise<boolean> => {
    underway++
    const response = await send(address, token, name, answersWithin).finally(() => underway--)
    if (response?.ok) acknowledged.push(name)
    else if (response) refused.push({ status: response.status, ...(await refusalOf(response)) })
    return response?.ok === true
  }
  const senders = ['Her', 'Der'].map(async (sender) => {
    for (let number = 1; !over.signal.aborted; number++) {
      while (!(await attempt(`${sender} Nummer ${number}`))) await sleep(pause)
      await sleep(pause)
    }
  })
  const sent = Promise.all(senders)
  sent.catch(() => undefined)
  return {
    acknowledged,
    refused,
    get underway() {
      return underway
    },
    more: async (leads, within) => {
      const [wanted, deadline] = [acknowledged.length + leads, performance.now() + within]
      while (acknowledged.length < wanted) {
        if (performance.now() > deadline) throw new Error(`Nothing was acknowledged within ${within} ms.`)
        await Promise.race([sleep(20), sent])
      }
    },
    end: async () => {
      over.abort()
      await sent
    },
  }
}

async function signedIn(address: string): Promise<string> {
  const response = await fetch(`${address}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ida@havneby.example', password: demoPassword }),
  })
  return ((await response.json()) as { accessToken: string }).accessToken
}

/** The answer; nothing where nobody was there, or broke off. An answer that comes too late is a fault. */
function send(address: string, token: string, name: string, within: number): Promise<Response | undefined> {
  const place = name.toLowerCase().replaceAll(' ', '-')
  return fetch(`${address}/api/v1/leads/leads`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'accept-language': 'en',
      authorization: `Bearer ${token}`,
      'idempotency-key': place,
    },
    body: JSON.stringify({ name, email: `post@${place}.example`, companyName: `Firma ${name}` }),
    signal: AbortSignal.timeout(within),
  }).catch((error: Error) => {
    if (error.name === 'TimeoutError') throw error
    return undefined
  })
}

async function refusalOf(response: Response): Promise<{ code: string; message: string }> {
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  return { code: error.code, message: error.message }
}

/** What has come of each lead, as often as it is there: a contact, a call for whoever has it, and the tie between them. */
export async function outcomeOfLeads({ admin }: Pick<TestDatabase, 'admin'>): Promise<Outcome[]> {
  const { rows } = await admin.query<Outcome>(`
    SELECT l.name, (SELECT count(*)::int FROM crm.contacts c WHERE c.tenant_id = l.tenant_id AND c.name = l.name) AS contacts,
      (SELECT count(*)::int FROM crm.tasks t WHERE t.tenant_id = l.tenant_id AND t.contact_id = l.contact_id) AS calls,
      (SELECT count(*)::int FROM platform.outbox o WHERE o.tenant_id = l.tenant_id AND o.subject = l.id::text
        AND o.type = 'leads.leads.linked') AS links
    FROM leads.leads l`)
  return rows.toSorted(byName)
}

interface Outcome {
  readonly name: string
  readonly contacts: number
  readonly calls: number
  readonly links: number
}

/** What `outcomeOfLeads` answers when each of these was taken to its end once. */
export const eachOnce = (names: readonly string[]): Outcome[] =>
  names.map((name) => ({ name, contacts: 1, calls: 1, links: 1 })).toSorted(byName)

const byName = (one: Outcome, other: Outcome): number =>
  one.name.localeCompare(other.name, 'da', { numeric: true })
