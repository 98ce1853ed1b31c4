import { join } from 'node:path'
import { PrepareFault } from '../../../../scripts/fault.mjs'
import { onDemand } from '../../../../scripts/onDemand.mjs'

interface Program {
  readonly isThere: boolean
  /** The file to run with Node. */
  readonly start: string
}

/**
 * A program of the protocol's own makers that one test drives the surface with, from a package of its own beside this
 * file, installed when it is first asked for. Where it cannot be, that is said in one line and its test counts as
 * skipped; on a build machine (CI is set) nothing is left out.
 */
export async function program(name: 'inspector' | 'conformance', file: string): Promise<Program> {
  const folder = join(import.meta.dirname, name)
  const start = join(folder, 'node_modules/@modelcontextprotocol', name, file)
  try {
    await onDemand(folder, `the MCP ${name}`)
    return { isThere: true, start }
  } catch (error) {
    if (!(error instanceof PrepareFault) || process.env['CI']) throw error
    process.stderr.write(`Skipped: the MCP ${name}. ${error.message.split('\n')[0]}\n`)
    return { isThere: false, start }
  }
}
