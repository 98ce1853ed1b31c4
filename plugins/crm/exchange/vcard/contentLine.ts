/** One property of a card: `item1.TEL;TYPE=cell:+45…` has the name TEL, the parameter TYPE and its raw value. */
export interface Property {
  /** Upper case, without its group. */
  readonly name: string
  /** Names in upper case; a bare `TEL;CELL` of vCard 2.1 is the parameter CELL with an empty value. */
  readonly parameters: ReadonlyMap<string, string>
  /** As it stands, still escaped. */
  readonly value: string
}

/** Reads an unfolded content line (RFC 6350, section 3.3); undefined where it has no name or no colon. */
export function parseContentLine(line: string): Property | undefined {
  const [, name, parameters = '', value = ''] = contentLine.exec(line) ?? []
  if (!name) return undefined
  return { name: name.toUpperCase(), parameters: parseParameters(parameters), value }
}

/** Group, name, parameters (with quoted values, in which ; and : stand for themselves) and value. */
const contentLine = /^(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^":;])*)*):(.*)$/s

function parseParameters(text: string): ReadonlyMap<string, string> {
  const parts = text.match(/;(?:"[^"]*"|[^";])*/g) ?? []
  return new Map(
    parts.map((part) => {
      const [name = '', ...value] = part.slice(1).split('=')
      return [name.toUpperCase(), value.join('=').replaceAll('"', '')]
    }),
  )
}

/** Escapes text for a value or one component of it (RFC 6350, section 3.4), and drops what a card cannot hold. */
export const escapeText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[\\,;]/g, '\\$&')
    .replaceAll('\n', '\\n')

export const unescapeText = (text: string): string =>
  text.replace(/\\([nN,;:\\])/g, (_, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter))

/** Cuts a compound value at its unescaped separators and unescapes the parts. */
export function splitValue(value: string, separator: ',' | ';'): string[] {
  const parts: string[] = ['']
  for (const piece of value.match(/\\.|[^\\]|\\$/gs) ?? []) {
    if (piece === separator) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts.map(unescapeText)
}

const longestLine = 75

/** Ends a content line, folded so that no line is longer than 75 octets and no character is cut (section 3.2). */
export function foldLine(line: string): string {
  let folded = ''
  let octets = 0
  for (const letter of line) {
    const size = Buffer.byteLength(letter)
    if (octets + size > longestLine) {
      folded += '\r\n '
      octets = 1
    }
    folded += letter
    octets += size
  }
  return `${folded}\r\n`
}
