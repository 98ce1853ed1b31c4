import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstLinkAway, ownLinks, withoutLinksAway } from './links.ts'

const isOwn = ownLinks({ PUBLIC_URL: 'https://tekup.example', HOST: '127.0.0.1' })
const shown = (text: string): string => text.slice(0, firstLinkAway(text, isOwn))

/** Addresses that Slack would find in a text whose entities and escapes are made plain. */
const addressesIn = (text: string): string[] => {
  const plain = text
    .replaceAll(/&#0*(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll(/&#x0*([0-9a-f]+);/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replaceAll('&colon;', ':').replaceAll('&sol;', '/').replaceAll(/\\([:/.])/g, '$1') // prettier-ignore
  return (plain.match(/https?:\/\/[^\s)>|]+|\]\(\s*[^)\s][^)]*\)|\bwww\.\S+/gi) ?? []).filter(
    (found) => !/^(\]\(\s*)?https:\/\/tekup\.example(?![\w.@])/.test(found),
  )
}

const part = fc.constantFrom(
  'Se ', 'https://', 'http:\\/\\/', 'https&#58;//', 'https&colon;//', 'evil.example', '/a.png?d=', 'hemmeligt', 'https://tekup.example/crm/1',
  'https://tekup.example@evil.example/', 'https://tekup.example.evil.example/', '[sag](', ')', '[sag][1]', '\n[1]: ', 'www.', '//evil.example',
  '\n', '\n\n', '```\n', '| a | b |\n|---|---|\n', '| 1 | 2 |\n', '<', '>', '`', ' ',
) // prettier-ignore
const markdown = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''))

describe('what Slack cannot be told to leave alone', () => {
  test('holds no address of anybody else’s, however it is written', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(addressesIn(shown(text))).toEqual([])
        expect(addressesIn(withoutLinksAway(text, isOwn))).toEqual([])
      }),
      { numRuns: 3_000 },
    )
  })

  test('is the text up to the line with the first one, or to the code or table that it stands in', () => {
    expect(shown('Hej Anna.\nSe https://havneby.example/tilbud nu.\nHilsen')).toBe('Hej Anna.\n')
    expect(shown('Hej.\n```\ncurl\nhttps://havneby.example/a\n```\n')).toBe('Hej.\n')
    expect(shown('Hej.\n| Kunde | Side |\n|---|---|\n| Havneby | https://havneby.example |\n')).toBe('Hej.\n')
    expect(shown('```\nkode\n```\nhttps://havneby.example')).toBe('```\nkode\n```\n')
  })

  test('is the whole text where it leads nowhere but to us', () => {
    const text = 'Se [aftalen](https://tekup.example/crm/deals/1), f.eks. 5.000 kr. og/eller priser.csv: https://tekup.example.'
    expect(shown(text)).toBe(text)
    expect(withoutLinksAway(text, isOwn)).toBe(text)
  }) // prettier-ignore

  test('reads as it did without its links', () => {
    const text = 'Se [siden](https://havneby.example/a.png) og www.havneby.example'
    expect(withoutLinksAway(text, isOwn).replaceAll('\u200B', '')).toBe(text)
  })
})
