import { Latest } from '#lib/api/latest.ts'
import { loadCatalogue, locales, type Locale, type Part } from './catalogue.ts'

/** Read by static/before-paint.js too. */
const storageKey = 'tekup-locale'

let current = $state<Locale>(remembered() ?? 'da')
const choices = new Latest()

/** The language of the page: Danish until the reader chooses otherwise. */
export const locale = {
  get current(): Locale {
    return current
  },
  /** Resolves when the page can speak its language, with the sentences that it has beyond those of every page. */
  ready: (...parts: Part[]): Promise<void> => loadCatalogue(current, parts),
  /** Switches the page and remembers it in this browser. */
  async set(next: Locale) {
    const isLatest = choices.ask()
    await loadCatalogue(next)
    if (!isLatest()) return
    current = next
    document.documentElement.lang = next
    try {
      localStorage.setItem(storageKey, next)
    } catch {
      // Storage may be shut off; the choice then lasts for this visit.
    }
  },
  /** Takes the language of the signed-in person, unless this browser has a choice of its own. */
  suggest(next: string | null | undefined) {
    if (remembered() === undefined && isLocale(next)) this.set(next)
  },
}

function remembered(): Locale | undefined {
  try {
    const stored = localStorage.getItem(storageKey)
    return isLocale(stored) ? stored : undefined
  } catch {
    return undefined
  }
}

function isLocale(value: unknown): value is Locale {
  return locales.includes(value as Locale)
}
