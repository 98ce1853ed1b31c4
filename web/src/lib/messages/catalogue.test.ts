import { IntlMessageFormat } from 'intl-messageformat'
import { beforeAll, describe, expect, it } from 'vitest'
import { formatMessage, loadCatalogue, locales, type MessageKey, type Part } from './catalogue.ts'

type Sentences = Record<string, string>
const danish = import.meta.glob<Sentences>(['./da.json', './*/da.json'], { import: 'default', eager: true })
const english = import.meta.glob<Sentences>(['./en.json', './*/en.json'], { import: 'default', eager: true })
const beyond = Object.values(import.meta.glob<Record<string, Part>>('./*/index.ts', { eager: true })).flatMap(
  (module) => Object.values(module),
)
const together = (files: Record<string, Sentences>): Record<MessageKey, string> =>
  Object.assign({}, ...Object.values(files))
const catalogues = { da: together(danish), en: together(english) }
const keys = Object.keys(catalogues.da) as MessageKey[]
beforeAll(() => Promise.all(locales.map((locale) => loadCatalogue(locale, beyond))))

describe('the messages of the web app', () => {
  it('have the same keys in Danish and English, in the same order, each in one file', () => {
    const inEnglish = (place: string) => Object.keys(english[place.replace('da.json', 'en.json')] ?? {})
    for (const [place, sentences] of Object.entries(danish))
      expect(inEnglish(place), place).toEqual(Object.keys(sentences))
    expect(Object.keys(english)).toHaveLength(Object.keys(danish).length)
    expect(keys).toHaveLength(Object.values(danish).flatMap(Object.keys).length)
    expect(beyond).toHaveLength(Object.keys(danish).length - 1)
  })

  it.each(keys)('%s is written, and takes the same values in both languages', (key) => {
    expect(catalogues.da[key].trim()).not.toBe('')
    expect(catalogues.en[key].trim()).not.toBe('')
    expect(placeholders(catalogues.en[key])).toEqual(placeholders(catalogues.da[key]))
  })

  it('are each said somewhere', () => {
    const isSaid = (key: string): boolean =>
      sources.includes(`'${key}'`) || composed.some((beginning) => key.startsWith(beginning))
    expect(keys.filter((key) => !isSaid(key))).toEqual([])
  })

  it('follow the plural rules of the language', () => {
    expect(formatMessage('da', 'contacts.shown', { count: 1 })).toBe('1 kontakt')
    expect(formatMessage('en', 'contacts.shown', { count: 1200 })).toBe('1,200 contacts')
  })

  it('keep markup in a value as text', () => {
    expect(formatMessage('en', 'records.createdToast', { name: '<b>Bo</b>' })).toBe(
      '<b>Bo</b> has been created.',
    )
  })
})

const modules = import.meta.glob<string>(['../../**/*.svelte', '../../**/*.ts', '!../../**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
})
const sources = Object.values(modules).join('\n')
/** What keys begin with whose end is a value. */
const composed = [...sources.matchAll(/`(\w[\w.]*\.)\$\{/g)].map(([, beginning]) => beginning!)

/** The names of the values that a pattern takes, sorted. */
function placeholders(pattern: string): string[] {
  const names = new Set<string>()
  JSON.stringify(new IntlMessageFormat(pattern, 'en', undefined, { ignoreTag: true }).getAst(), (_, node) => {
    if (node && typeof node === 'object' && node.type >= 1 && node.type <= 6) names.add(node.value)
    return node
  })
  return [...names].sort()
}
