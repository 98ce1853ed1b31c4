import { expect, test } from 'vitest'
import { plugins } from '#plugins'

/** Whoever switches a part on or off reads these; a plugin of a test need not say them. */
test.each(plugins.map((plugin) => [plugin.name, plugin] as const))(
  '%s says in both languages what it is',
  (_, { locales }) => {
    for (const locale of ['da', 'en'] as const) {
      expect(locales[locale].about?.title).toMatch(/\S/)
      expect(locales[locale].about?.summary).toMatch(/\S.*\.$/)
    }
  },
)
