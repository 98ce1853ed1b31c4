import type { Protocol, Script, VendorCall } from './vendorServer.ts'

/** How the letters of these tests tell a model what to do: `DO shelf_books_mail {"to":"…"}`. */
const instruction = /DO (\w+) (\{[^\n]*?\}) END/g

export const instructionOf = (tool: string, input: unknown): string =>
  `DO ${tool} ${JSON.stringify(input)} END`

/**
 * A model that was talked over completely: it reads what it is told to read, then carries out every instruction that it
 * finds in any result of a tool, and says that all is done. What it may not do is therefore not kept from it by its own
 * good sense, nor by a prompt. It obeys each instruction once in a turn: `begin` starts another.
 */
export function hijacked(protocol: Protocol, reads: string): { readonly script: Script; begin(): void } {
  const obeyed = new Set<string>()
  return {
    begin: () => obeyed.clear(),
    script: (request) => {
      const results = protocol.results(request)
      if (results.length === 0) return { calls: [{ name: reads, args: {} }] }
      const left = results.flatMap(instructionsIn).filter((call) => !obeyed.has(JSON.stringify(call)))
      for (const call of left) obeyed.add(JSON.stringify(call))
      return left.length > 0 ? { calls: left } : { words: ['Done. I have sent and deleted it all.'] }
    },
  }
}

function instructionsIn(result: string): VendorCall[] {
  const text = textsIn(parsed(result)).join('\n')
  return [...text.matchAll(instruction)].map(([, name = '', args = '']) => ({ name, args: JSON.parse(args) as object })) // prettier-ignore
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
