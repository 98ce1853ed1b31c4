import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escaped, harmless } from './harmless.ts'
import { piecesOf, textOf } from './pieces.ts'
import { plainText } from './plain.ts'
import { render, settledPart } from './render.ts'

const danish = { locale: 'da' } as const
const shown = (text: string): string => render(text, danish).text

/** Whom Slack would call, read as generously as it could: with what HTML and Markdown escape made plain. */
function callsSomebody(text: string): boolean {
  const plain = text
    .replaceAll(/&#0*(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll(/&#x0*([0-9a-f]+);/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replaceAll(/&lt;/gi, '<').replaceAll(/&excl;/gi, '!').replaceAll(/&commat;/gi, '@').replaceAll(/&num;/gi, '#')
    .replaceAll(/\\([!@#<])/g, '$1') // prettier-ignore
  return /<[@#]|<!(?:channel|here|everyone|group|subteam|date)/i.test(plain) || /(?<![\w.])@(?:channel|here|everyone|group)\b/i.test(plain) // prettier-ignore
}

const sign = fc.constantFrom(
  '<!channel>', '<!here|here>', '<!everyone>', '<@U0ANNA>', '<#C0GENERAL|general>', '<!subteam^S0SALG>', '@channel', '@here',
  '&lt;!channel&gt;', '&#60;@U0ANNA>', '&#x3C;!here>', '<\\!channel>', '<&#33;channel>', '\\<@U0ANNA>', '<\0!channel>',
  '<', '!', '@', '#', '&', '\\', '<!', '<@', 'channel>', '![a](https://x.example/a.png)', '![', '[', '](',
) // prettier-ignore
const layout = fc.constantFrom(
  '\n', '\n\n', '\r\n', ' ', '```\n', '```js\n', '~~~\n', '    ', '`', '``', '- ', '> ', '| a | b |\n|---|---|\n', '| 1 | 2 |\n', '# ',
) // prettier-ignore
const words = fc.oneof(
  fc.constantFrom('hej', 'kunde', 'æøå', '😀', 'vec', '.'),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const markdown = fc.array(fc.oneof(sign, layout, words), { maxLength: 80 }).map((parts) => parts.join(''))

/** Long enough to be cut many times, with lines and code of every length. */
const longMarkdown = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constantFrom('ord ', 'x', 'sætning. ', '😀', '<@U1>'), fc.integer({ min: 1, max: 4_000 })).map(
        ([word, times]) => word.repeat(times),
      ),
      layout,
      layout,
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join('')) // prettier-ignore

describe('a text on its way to Slack', () => {
  test('calls nobody, whatever the model wrote', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(callsSomebody(shown(text))).toBe(false)
        expect(callsSomebody(plainText(text))).toBe(false)
        expect(escaped(text)).not.toMatch(/[<>]/)
      }),
      { numRuns: 2_000 },
    )
  })

  test('calls nobody while it grows, wherever the model paused, and never takes back what it has shown', () => {
    fc.assert(
      fc.property(markdown, fc.array(fc.nat({ max: 400 }), { maxLength: 6 }), (text, pauses) => {
        const whole = shown(text)
        let before = ''
        for (const pause of pauses.map((at) => Math.min(at, text.length)).toSorted((a, b) => a - b)) {
          const now = shown(settledPart(text.slice(0, pause)))
          expect(now.startsWith(before)).toBe(true)
          expect(whole.startsWith(now)).toBe(true)
          expect(callsSomebody(now)).toBe(false)
          before = now
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test('calls the people that it was given, and nobody else', () => {
    const text = 'Hej <@U0ANNA> og <@U0ANNA2>, <@U0MIKKEL>'
    expect(harmless(text, ['U0ANNA']).replaceAll('\u200B', '·')).toBe(
      'Hej <@U0ANNA> og <·@U0ANNA2>, <·@U0MIKKEL>',
    )
  })

  test('loads no image: each becomes a link', () => {
    expect(shown('Se ![salg](https://x.example/a.png) og ![b][1]')).toBe(
      'Se [salg](https://x.example/a.png) og [b][1]',
    )
    fc.assert(fc.property(markdown, (text) => {
      for (const line of shown(text).replaceAll(/^(```|~~~)[^]*?^\1.*$|^(```|~~~)[^]*/gm, '').split('\n'))
        expect(line).not.toContain('![')
    })) // prettier-ignore
  })

  test('leaves code and addresses as they are where nothing in them calls', () => {
    const code = '```rust\nlet v = vec![1, 2]; // a < b && c > d\n<!-- note --><!DOCTYPE html>\n```\nanna@here.example <https://x.example|x>'
    expect(shown(code)).toBe(code)
  }) // prettier-ignore
})

test('a line of nothing but signs keeps nobody waiting', () => {
  const signs = '!'.repeat(300_000)
  expect(render(signs, danish).text).toHaveLength(signs.length)
})

describe('a long text', () => {
  const body = (text: string): string =>
    piecesOf(text)
      .map((piece) => piece.body)
      .join('')

  test('is cut into messages that fit, and that say together what it said', () => {
    fc.assert(
      fc.property(longMarkdown, (text) => {
        const rendered = shown(text)
        expect(body(rendered)).toBe(rendered)
        for (const piece of piecesOf(rendered)) {
          expect(textOf(piece).length).toBeLessThanOrEqual(12_000)
          expect(textOf(piece).isWellFormed()).toBe(rendered.isWellFormed())
        }
      }),
      { numRuns: 300 },
    )
  })

  test('is cut in the same places while it grows', () => {
    fc.assert(
      fc.property(longMarkdown, fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
        const rendered = shown(text)
        const whole = piecesOf(rendered)
        const early = piecesOf(rendered.slice(0, Math.floor(rendered.length * share)))
        early.slice(0, -1).forEach((piece, index) => expect(piece.body).toBe(whole[index]!.body))
      }),
      { numRuns: 300 },
    )
  })

  test('has its code closed where it is cut, and opened again in the same language', () => {
    const code = `Her er det:\n\n\`\`\`ts\n${'const a = 1\n'.repeat(1_500)}\`\`\`\nSå er det slut.`
    const [first, second] = piecesOf(code)
    expect(textOf(first!)).toMatch(/const a = 1\n```$/)
    expect(textOf(second!)).toMatch(/^```ts\nconst a = 1\n[^]*```\nSå er det slut\.$/)
  })

  test('is cut between paragraphs where there are some', () => {
    const paragraphs = `${'Et afsnit med nogle ord. '.repeat(20)}\n\n`.repeat(40)
    for (const { body: text } of piecesOf(paragraphs).slice(0, -1)) expect(text).toMatch(/ord\. \n\n$/)
  })
})

describe('a table', () => {
  const table = (rows: number): string =>
    `| Kunde | Beløb |\n|---|--:|\n${Array.from({ length: rows }, (_, row) => `| Kunde ${row} | ${row},50 |\n`).join('')}`

  test('of twenty rows is shown whole', () => {
    expect(render(table(20), danish)).toEqual({ text: table(20), files: [] })
  })

  test('that is longer becomes a file, of which the first rows are shown', () => {
    const { text, files } = render(`Her:\n\n${table(57)}\nSå mange.`, danish)
    expect(text).toContain('| Kunde 9 | 9,50 |\n\n_De første rækker af 57; alle står i tabel-1.csv._\n\nSå mange.')
    expect(text).not.toContain('Kunde 10 ')
    const [{ name, content }] = files as [(typeof files)[number]]
    expect([name, content.toString().split('\r\n').length]).toEqual(['tabel-1.csv', 59])
    expect(content.toString()).toMatch(/^\uFEFFKunde;Beløb\r\nKunde 0;0,50\r\n/)
  }) // prettier-ignore

  test('in code is code', () => {
    expect(render(`\`\`\`\n${table(57)}\`\`\``, danish).files).toEqual([])
  })

  test('holds no formula that a spreadsheet would run', () => {
    const { files } = render(table(30).replace('Kunde 3', '=HYPERLINK("http://x.example")'), danish)
    expect(files[0]!.content.toString()).toContain(`'=HYPERLINK`)
  })

  test('is not shown beyond its first rows before it is over, for it may become a file', () => {
    expect(settledPart(`${table(15)}| Kunde`)).toBe(table(10).trimEnd())
    expect(settledPart(`${table(15)}\nog så`)).toBe(`${table(15)}\nog så`)
  })
})

describe('the text of a notification', () => {
  test('says it without the marks, in one piece', () => {
    expect(plainText('# Salg\n\n**To** kunder & [en](https://x.example)\n```js\na < b\n```')).toBe(
      'Salg\n\nTo kunder &amp; en\na &lt; b',
    )
  })

  test('is never empty and never too long', () => {
    expect(plainText('')).toBe('…')
    expect(plainText('😀'.repeat(5_000)).length).toBeLessThanOrEqual(4_000)
  })
})
