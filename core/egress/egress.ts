import type { Socket } from 'node:net'
import { setImmediate as nextRound } from 'node:timers/promises'
import type { Agent } from 'undici'
import { Fault } from '../errors.ts'
import { isPublicAddress, literalAddress } from './address.ts'
import { exchange } from './exchange.ts'
import { namedConnections, publicConnections } from './pinned.ts'
import { egressRefused, type EgressReason } from './refusals.ts'
import { ReadingRounds } from './rounds.ts'
import type { EgressRules } from './rules.ts'

/** Where one caller may go. */
export interface Destination {
  /** The hosts it may reach, as in a URL: `api.openai.com`, `127.0.0.1`. */
  readonly hosts: readonly string[]
  /** The operator's own settings name these hosts, so they may be private and plain HTTP; never for what a tenant wrote. */
  readonly namedByOperator?: true
  /** Bytes of an answer's body; 8 MiB unless said otherwise. */
  readonly mostBytes?: number
  /** Milliseconds for a whole call, its body included; a minute unless said otherwise. */
  readonly within?: number
  /**
   * Milliseconds within which the bytes of an answer are handed on together, for one that is written word by word; its
   * first pieces and its end come at once. As they come unless said otherwise.
   */
  readonly together?: number
}

/** The one door for HTTP to addresses that a tenant or an outsider chose. */
export interface Egress {
  /**
   * A `fetch` that reaches these hosts alone. It rejects with the fault `egress_refused` for another host, an address
   * that is not public, plain HTTP, a redirect, or an answer that is too large or too slow.
   */
  fetchTo(destination: Destination): typeof fetch
  close(): Promise<void>
}

const defaults = { mostBytes: 8 * 1024 * 1024, within: 60_000, together: 0 }

/** Reading many answers at once gives way to whatever `giveWay` waits for. */
export function createEgress(rules: EgressRules, giveWay: () => Promise<void> = nextRound): Egress {
  const rounds = new ReadingRounds(giveWay)
  const join = (socket: Socket): void => rounds.join(socket)
  const whole = { public: publicConnections(), named: namedConnections() }
  const written = { public: publicConnections(join), named: namedConnections(join) }
  return {
    fetchTo: (destination) => (input, init) => {
      const request = {
        url: urlOf(input),
        init: initOf(input, init),
        destination: { ...defaults, ...destination },
      }
      const isWritten = request.destination.together > 0
      return isWritten ? call(request, rules, written, rounds) : call(request, rules, whole)
    },
    close: async () => {
      const agents = [whole, written].flatMap((each) => [each.public, each.named])
      await Promise.all(agents.map((agent) => agent.destroy()))
    },
  }
}

type Asked = Parameters<typeof fetch>[0]

interface Outgoing {
  readonly url: URL
  readonly init: RequestInit
  readonly destination: Destination & Required<Pick<Destination, keyof typeof defaults>>
}

async function call(
  { url, init, destination }: Outgoing,
  rules: EgressRules,
  agents: Readonly<Record<'public' | 'named', Agent>>,
  rounds?: ReadingRounds,
): Promise<Response> {
  const named = destination.namedByOperator === true || rules.names(url)
  const reason = reasonAgainst(url, destination, named, rules)
  if (reason) throw egressRefused(url.hostname, reason)
  const { mostBytes, within, together } = destination
  init.signal?.throwIfAborted()
  const limit = timeLimit(url.hostname, within)
  const ended = rounds?.begin()
  const response = await exchange({
    url,
    init,
    host: url.hostname,
    signal: init.signal ? AbortSignal.any([init.signal, limit.signal]) : limit.signal,
    dispatcher: named ? agents.named : agents.public,
    mostBytes,
    together: () => (rounds?.isCrowded ? 0 : together),
    over: () => {
      limit.over()
      ended?.()
    },
  }).catch((error: unknown) => {
    throw refusalWithin(error) ?? error
  })
  if (response.status < 300 || response.status >= 400) return response
  await response.body?.cancel()
  throw egressRefused(url.hostname, 'redirect')
}

function reasonAgainst(
  url: URL,
  { hosts }: Destination,
  named: boolean,
  { onlyNamed }: EgressRules,
): EgressReason | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'scheme'
  if (url.username !== '' || url.password !== '') return 'credentials'
  if (!hosts.includes(url.hostname)) return 'host'
  if (named) return undefined
  if (onlyNamed) return 'unnamed'
  const literal = literalAddress(url.hostname)
  if (literal !== undefined && !isPublicAddress(literal)) return 'private'
  return url.protocol === 'https:' ? undefined : 'plain'
}

/** A refusal while the socket was opened comes wrapped as "fetch failed". */
function refusalWithin(error: unknown): Fault | undefined {
  const cause = (error as { cause?: unknown } | null)?.cause
  return cause instanceof Fault ? cause : undefined
}

/** Aborts with a refusal that says so, unless it is over before; the timer keeps no process alive. */
function timeLimit(host: string, milliseconds: number): { signal: AbortSignal; over: () => void } {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(egressRefused(host, 'time')), milliseconds).unref()
  return { signal: controller.signal, over: () => clearTimeout(timer) }
}

const urlOf = (input: Asked): URL => new URL(input instanceof Request ? input.url : input)

/** A `Request` of another fetch is taken apart: its parts are what counts. */
function initOf(input: Asked, init: RequestInit = {}): RequestInit {
  if (!(input instanceof Request)) return init
  const { method, headers, signal } = input
  return {
    method,
    headers,
    signal,
    ...(input.body && { body: input.body, duplex: 'half' }),
    ...init,
  } as RequestInit
}
