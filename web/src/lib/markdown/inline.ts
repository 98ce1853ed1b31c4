/** A piece of a line. Only these kinds exist, so nothing else can ever reach the page. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'break' }
  | { kind: 'strong' | 'emphasis' | 'strike'; children: Inline[] }
  | { kind: 'link'; href: string; children: Inline[] }

/** What it says without its looks; a break counts as a space. */
export function plainText(nodes: Inline[]): string {
  return nodes.map((node) => ('text' in node ? node.text : 'children' in node ? plainText(node.children) : ' ')).join('') // prettier-ignore
}

type Match = { length: number; node: Inline | Inline[] }
type Rule = (text: string, before: string) => Match | undefined

/** Emphasis within emphasis deeper than this is written as text: the stack is not the writer's to spend. */
const deepest = 8

/** Reads the bold, italic, code and links of one run of text. HTML is text; an image is its description. */
export function parseInline(text: string, depth = 0): Inline[] {
  const rules = depth < deepest ? [...leafRules, ...nestingRules(depth + 1)] : leafRules
  const nodes: Inline[] = []
  let plain = ''
  for (let at = 0; at < text.length;) {
    const match = special.test(text[at]!) ? firstMatch(rules, text.slice(at), text[at - 1] ?? ' ') : undefined
    if (!match) {
      plain += text[at++]
      continue
    }
    if (plain) nodes.push({ kind: 'text', text: plain })
    plain = ''
    nodes.push(...[match.node].flat())
    at += match.length
  }
  if (plain) nodes.push({ kind: 'text', text: plain })
  return nodes
}

const special = /[\\`*_~[!\n]/

function firstMatch(rules: Rule[], text: string, before: string): Match | undefined {
  for (const rule of rules) {
    const match = rule(text, before)
    if (match) return match
  }
  return undefined
}

const leafRules: Rule[] = [
  (text) => capture(/^\\([\\`*_~[\]()!#>|-])/, text, (escaped) => ({ kind: 'text', text: escaped })),
  (text) => capture(/^``([^\n]{1,1000}?)``(?!`)/, text, (code) => ({ kind: 'code', text: code.trim() })),
  (text) => capture(/^`([^`\n]{1,1000})`/, text, (code) => ({ kind: 'code', text: code })),
  (text) => capture(/^\n()/, text, () => ({ kind: 'break' })),
  (text) =>
    capture(/^!\[([^\]\n]{0,500})\]\([^)\n]{0,1000}\)/, text, (description) => ({
      kind: 'text',
      text: description,
    })),
]

function nestingRules(depth: number): Rule[] {
  const wrap = (kind: 'strong' | 'emphasis' | 'strike') => (inner: string): Inline => ({ kind, children: parseInline(inner, depth) }) // prettier-ignore
  return [
    (text) =>
      capture(/^\*\*(?=\S)([\s\S]{1,1000}?\S)\*\*/, text, wrap('strong')) ??
      capture(/^\*\*(\S)\*\*/, text, wrap('strong')),
    (text) => capture(/^~~(?=\S)([\s\S]{1,1000}?)~~/, text, wrap('strike')),
    (text) => capture(/^\*(?=[^\s*])([^*\n]{1,1000}?)\*(?!\*)/, text, wrap('emphasis')),
    // An underscore inside a word is part of the word: crm_deals_move.
    (text, before) => (/\w/.test(before) ? undefined : capture(/^_(?=[^\s_])([^_\n]{1,1000}?)_(?!\w)/, text, wrap('emphasis'))), // prettier-ignore
    (text) => link(text, depth),
  ]
}

function link(text: string, depth: number): Match | undefined {
  const found = /^\[([^\]\n]{1,500})\]\(([^)\s]{1,1000})\)/.exec(text)
  if (!found) return undefined
  const children = parseInline(found[1]!, depth)
  const href = ownAddress(found[2]!)
  return { length: found[0].length, node: href ? { kind: 'link', href, children } : children }
}

/**
 * The address, if it is a path of our own; anything else is not a link. What an agent writes may have been put in its
 * mouth by an outsider, and a link elsewhere could carry the company's data out with one click.
 */
export function ownAddress(address: string): string | undefined {
  const base = 'https://own.invalid'
  if (!/^\/(?![/\\])/.test(address) || !URL.canParse(address, base)) return undefined
  const url = new URL(address, base)
  return url.origin === base && !url.pathname.startsWith('/api/')
    ? url.pathname + url.search + url.hash
    : undefined
}

function capture(pattern: RegExp, text: string, make: (inner: string) => Inline): Match | undefined {
  const found = pattern.exec(text)
  return found ? { length: found[0].length, node: make(found[1] ?? '') } : undefined
}
