import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { settled } from './world.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Holds what the page shows now to WCAG 2.2 AA and axe's best practice, and to the width of the screen. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  await settled(page)
  // An animation whose element goes meanwhile is cancelled, and over as well.
  await page.evaluate('Promise.allSettled(document.getAnimations().map((animation) => animation.finished))')
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  expect(violations.map(({ id, nodes }) => [what, id, nodes[0]?.html])).toEqual([])
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  expect(overflow, `${what} scrolls sideways`).toBeLessThanOrEqual(0)
}
