import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMarkdown } from './blocks.ts'
import { ownAddress, parseInline, plainText } from './inline.ts'

const text = (value: string) => ({ kind: 'text', text: value })

describe('Markdown of an answer', () => {
  it('reads bold, italic, code and a link of our own', () => {
    expect(parseInline('**Bo** er *ny* i `crm` [her](/contacts/1)')).toEqual([
      { kind: 'strong', children: [text('Bo')] },
      text(' er '),
      { kind: 'emphasis', children: [text('ny')] },
      text(' i '),
      { kind: 'code', text: 'crm' },
      text(' '),
      { kind: 'link', href: '/contacts/1', children: [text('her')] },
    ])
  })

  it('is told without its looks', () => {
    expect(plainText(parseInline('**Bo** er *ny* i `crm` [her](/contacts/1)'))).toBe('Bo er ny i crm her')
  })

  it('leaves underscores inside a word alone', () => {
    expect(parseInline('crm_deals_move')).toEqual([text('crm_deals_move')])
  })

  it('keeps HTML as text', () => {
    const html = '<img src=x onerror=alert(1)><script>1</script>'
    expect(parseMarkdown(html)).toEqual([{ kind: 'paragraph', content: [text(html)] }])
  })

  it('shows the description of an image and asks for nothing', () => {
    expect(parseInline('![logo](https://evil.example/a.png)')).toEqual([text('logo')])
  })

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    'data:text/html,x',
    '/api/v1/auth/logout',
    'contacts',
  ])('does not link to %j', (address) => {
    expect(ownAddress(address)).toBeUndefined()
  })

  it('reads a table with its alignment', () => {
    expect(parseMarkdown('| Navn | Beløb |\n|---|--:|\n| Bo | 12 |')).toEqual([
      {
        kind: 'table',
        align: ['left', 'right'],
        head: [[text('Navn')], [text('Beløb')]],
        rows: [[[text('Bo')], [text('12')]]],
      },
    ])
  })

  it('reads a nested list, then the paragraph after it', () => {
    const [list, after] = parseMarkdown('1. En\n   - under\n2. To\n\nSlut')
    expect(list).toMatchObject({ kind: 'list', ordered: true, items: [{ children: [{ kind: 'list' }] }, {}] })
    expect(after).toEqual({ kind: 'paragraph', content: [text('Slut')] })
  })

  it('reads code up to the end when the fence is not closed yet', () => {
    expect(parseMarkdown('```json\n{"a": 1}')).toEqual([{ kind: 'code', text: '{"a": 1}' }])
  })

  it('reads any text without failing, and links only to our own pages', () => {
    const pieces = fc.constantFrom('**', '*', '_', '`', '```', '\n', '- ', '1. ', '|', '---', '[a](', ')', '//x', '/x', '<b>', 'ord', ' ') // prettier-ignore
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 40 }), (parts) => {
        for (const href of hrefs(parseMarkdown(parts.join('')))) expect(href).toMatch(/^\/(?!\/)/)
      }),
    )
  })

  it('reads 100 kB of the most awkward text in a moment', () => {
    const started = performance.now()
    for (const piece of ['**', '*a ', '[', '`', '|', '- ', '_', '!['])
      parseMarkdown(piece.repeat(100_000 / piece.length))
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})

function hrefs(value: unknown): string[] {
  const found: string[] = []
  JSON.stringify(value, (key, inner) => {
    if (key === 'href') found.push(inner)
    return inner
  })
  return found
}
