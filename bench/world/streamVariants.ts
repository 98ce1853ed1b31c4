import type { Message } from '../clients/listening.ts'
import { startServer, type ServerUnderLoad } from '../measure/server.ts'
import { accessTokensOf, type Company } from './companies.ts'
import type { World } from './database.ts'
import { startOurs } from './listVariants.ts'

/** One server that answers as a model writes. */
export interface StreamVariant {
  readonly name: string
  readonly server: ServerUnderLoad
  /** Messages of as many people, each asking for so many words, one every so many milliseconds. */
  messages(count: number, words: number, pace: number): Message[]
}

/** Ours whole, and bare Fastify handing on what LangChain streams; all ask the same model. */
export async function streamVariants(world: World, companies: readonly Company[]) {
  const model = await startServer('servers/writingModel.ts')
  const ours = await startOurs(world, model.url)
  const bare = await startServer('servers/bareStreams.ts', { modelUrl: model.url })
  const tokens = await accessTokensOf(world, companies)
  const signedIn = (index: number) => ({ authorization: `Bearer ${tokens[index % tokens.length]}` })
  const variants: readonly StreamVariant[] = [
    variantOf('ours', ours, '/api/v1/chat/messages', signedIn),
    variantOf('bare agent', bare, '/agent', () => ({})),
    variantOf('bare model', bare, '/model', () => ({})),
  ]
  const stop = async (): Promise<void> => {
    await Promise.all([ours.stop(), bare.stop()])
    await model.stop()
  }
  return { variants, stop }
}

const variantOf = (
  name: string,
  server: ServerUnderLoad,
  path: string,
  headersOf: (index: number) => Record<string, string>,
): StreamVariant => ({
  name,
  server,
  messages: (count, words, pace) =>
    Array.from({ length: count }, (_, index) => ({
      url: server.url + path,
      headers: headersOf(index),
      text: `Please write ${words} words, one every ${pace} ms.`,
    })),
})
