/** A host that the operator has named, with its port where only that one is meant. */
interface NamedHost {
  readonly hostname: string
  readonly port?: string
}

/** What the operator lets out, from `EGRESS_ALLOW` and `EGRESS_ONLY`. */
export interface EgressRules {
  /** Whether the operator has named the host of this address: it may then be private, and plain HTTP. */
  names(url: URL): boolean
  /** Nothing but named hosts can be reached. */
  readonly onlyNamed: boolean
}

const shape = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+)(?::(\d{1,5}))?$/i

/** Reads `localhost:11434, ollama.internal`; `undefined` when it cannot be read so. */
export function readHosts(text: string): readonly NamedHost[] | undefined {
  const found = text.split(',').map((part) => shape.exec(part.trim()))
  if (found.some((match) => match === null)) return undefined
  return found.map((match) => ({
    hostname: match![1]!.toLowerCase(),
    ...(match![2] !== undefined && { port: match![2] }),
  }))
}

export function egressRules(allow = '', only: 'true' | 'false' = 'false'): EgressRules {
  const named = readHosts(allow) ?? []
  return {
    names: (url) =>
      named.some(({ hostname, port }) => hostname === url.hostname && (port ?? portOf(url)) === portOf(url)),
    onlyNamed: only === 'true',
  }
}

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80')
