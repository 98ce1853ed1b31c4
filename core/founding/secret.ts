import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'

/** The first line that is typed, unseen, or sent in; empty where there is none. Ctrl-C ends the program. */
export async function readSecret(question: string): Promise<string> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) return firstLine(createInterface({ input: stdin }))
  stderr.write(question)
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const typing = createInterface({ input: stdin, output: unseen, terminal: true })
  typing.once('SIGINT', () => process.exit(130))
  const typed = await firstLine(typing)
  stderr.write('\n')
  return typed
}

async function firstLine(lines: Interface): Promise<string> {
  const closed = once(lines, 'close').then(() => [''])
  const [line = ''] = (await Promise.race([once(lines, 'line'), closed])) as string[]
  lines.close()
  return line
}
