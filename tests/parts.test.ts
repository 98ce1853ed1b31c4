import { describe, expect, test } from 'vitest'
import { plugins } from '#plugins'

const languages = ['da', 'en'] as const

describe.each(plugins.map((plugin) => [plugin.name, plugin] as const))(
  '%s',
  (_, { locales, events = [] }) => {
    /** Whoever switches a part on or off reads these; a plugin of a test need not say them. */
    test('says in both languages what it is', () => {
      for (const language of languages) {
        expect(locales[language].about?.title).toMatch(/\S/)
        expect(locales[language].about?.summary).toMatch(/\S.*\.$/)
      }
    })

    /** Whoever makes an automation chooses among them. */
    test('says in both languages what each of its events is, and of nothing else', () => {
      const [danish, english] = languages.map((language) => locales[language].events ?? {})
      expect(Object.keys(danish!).toSorted()).toEqual(events.map(({ name }) => name).toSorted())
      expect(shapeOf(danish)).toEqual(shapeOf(english))
      for (const { name, payload } of events)
        expect(Object.keys((payload as { shape?: object }).shape ?? {})).toEqual(
          expect.arrayContaining(Object.keys(danish![name]!.fields ?? {})),
        )
    })
  },
)

/** The keys of it, whatever is said at them. */
const shapeOf = (said: unknown): unknown =>
  typeof said === 'object' && said !== null
    ? Object.fromEntries(Object.entries(said).map(([key, value]) => [key, shapeOf(value)]))
    : 'text'
