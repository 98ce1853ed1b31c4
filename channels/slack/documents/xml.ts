/** What stands in XML, one after the other. Names are without their prefix. */
export type XmlPart =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: string }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }

const part = /<(\/?)(?:[\w.-]+:)?([\w.-]+)([^<>]*?)(\/?)>|<[^<>]*>|([^<>]+)/g

/** Enough of XML (W3C, 1.0) for what Word and Excel write: elements and text. Entities that a document declares are not read. */
export function* partsOf(xml: string): Generator<XmlPart> {
  for (const [, slash, name, attributes = '', empty, text] of xml.matchAll(part)) {
    if (text !== undefined) yield { kind: 'text', text: unescaped(text) }
    else if (name !== undefined && slash === '') yield { kind: 'open', name, attributes }
    if (name !== undefined && (slash === '/' || empty === '/')) yield { kind: 'close', name }
  }
}

/** The value of an attribute; `r:id` is asked for with its prefix. */
export function attributeOf(attributes: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes)
  return value ? unescaped(value[1] ?? value[2] ?? '') : undefined
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescaped = (text: string): string =>
  text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (found, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named[name] ?? found
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16)
    return code > 0x10ffff ? found : String.fromCodePoint(code)
  }) // prettier-ignore
