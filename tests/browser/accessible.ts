import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { settled } from './world.ts'

/**
 * Axe writes its report in a tab of its own, opened anew for each look, for the sake of frames of other origins: our
 * policy lets no page have one, and without them it finds the same in the page itself.
 */
const axeOf = (page: Page): AxeBuilder =>
  new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags(tags)

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Holds what the page shows now to WCAG 2.2 AA and axe's best practice, and to the width of the screen. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  await settled(page)
  // An animation whose element goes meanwhile is cancelled, and over as well; one that goes round has no end.
  await page.evaluate(`Promise.allSettled(document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity).map(({ finished }) => finished))`)
  const { violations } = await axeOf(page).analyze()
  expect(violations.map(({ id, nodes }) => [what, id, nodes[0]?.html])).toEqual([])
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  expect(overflow, `${what} scrolls sideways`).toBeLessThanOrEqual(0)
}

/**
 * The same of the colours that the page was loaded in and, once the reader's system turns to the others, of those, which
 * what is loaded next begins with.
 */
export async function expectAccessibleInBothColours(page: Page, what: string): Promise<void> {
  const loadedIn = await coloursOf(page)
  const others = loadedIn === 'dark' ? 'light' : 'dark'
  await expectAccessible(page, `${what}, ${loadedIn}`)
  await page.emulateMedia({ colorScheme: others })
  await expect.poll(() => coloursOf(page)).toBe(others)
  await expectAccessible(page, `${what}, turned ${others}`)
}

const coloursOf = (page: Page): Promise<string> =>
  page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme')
