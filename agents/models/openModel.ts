import { smooth, type Core, type Egress, type UsageMeter } from '#core'
import type { ModelChoice, Vendor } from './choice.ts'
import { keyedFetch } from './keyedFetch.ts'
import { metered, type ForAccount } from './metered.ts'
import { usualPatience, type Patience } from './patience.ts'
import { VendorChatModel, type VendorClient } from './vendorModel.ts'

export interface OpenModelParts {
  readonly egress: Pick<Egress, 'fetchTo'>
  readonly usage: Pick<UsageMeter, 'begin'>
  /** Whom the model's requests let go first; nobody where a person waits for just this. */
  readonly precedence?: Core['precedence']
  readonly patience?: Patience
  readonly clients?: Clients
}

/** What a client does with a whole answer begins when `giveWay` lets it, where it can. */
type MakeClient = (
  choice: ModelChoice,
  go: typeof fetch,
  giveWay?: Core['precedence']['giveWay'],
) => VendorClient

/** How each vendor is spoken to; its client is loaded with its first model. */
export type Clients = Readonly<Record<Vendor, () => Promise<MakeClient>>>

const usualClients: Clients = {
  openai: async () => (await import('./openai.ts')).openaiClient,
  azure: async () => (await import('./openai.ts')).azureClient,
  google: async () => (await import('./google.ts')).googleClient,
}

/** Limits of one answer: what a model writes is text, and a turn is over long before. */
const answerLimits = { mostBytes: 16 * 1024 * 1024, within: 300_000, together: smooth }

/** Makes a model that may be asked, on somebody's account: every vendor's model in the product comes from here. */
export async function openModel(choice: ModelChoice, parts: OpenModelParts): Promise<ForAccount> {
  const { egress, usage, precedence, patience = usualPatience, clients = usualClients } = parts
  const go = egress.fetchTo({
    hosts: [new URL(choice.baseUrl).hostname],
    ...answerLimits,
    ...(choice.ofInstallation && { namedByOperator: true }),
  })
  const client = (await clients[choice.vendor]())(
    choice,
    keyedFetch(precedence ? givingWay(go, precedence) : go, choice),
    precedence?.giveWay,
  )
  const { apiKey: _, ...shown } = choice
  return metered(usage, choice, new VendorChatModel({ choice: shown, client, patience }))
}

/** What the vendor's client took to put a request together is a stretch of its own; it goes out in another. */
const givingWay =
  (go: typeof fetch, { giveWay }: Core['precedence']): typeof fetch =>
  async (...request) => {
    await giveWay()
    return go(...request)
  }
