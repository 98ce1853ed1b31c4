import { createHash } from 'node:crypto'

const names = new Map<string, string>()
/** Every connection keeps a plan for each name, so names are for the texts that come often, which come first. */
const mostNames = 500

/** A short name for a generated text; `undefined` when there are too many of them for the server to keep plans of all. */
export function statementName(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= mostNames) return known
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 24)
  names.set(text, name)
  return name
}
