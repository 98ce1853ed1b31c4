import type { Page } from 'playwright-core'

/** An answer that the server has given and the page has not heard yet. */
export interface Held {
  /** Resolves when the server has answered: what happens from then on, the answer does not know. */
  answered: Promise<void>
  /** Lets the page hear it; resolves when the page has made of it what it will. */
  release: () => Promise<void>
}

/** Holds the answer to the next request of this method to this address; those after it pass. */
export async function holdNext(page: Page, method: string, address: RegExp): Promise<Held> {
  const answered = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const heard = Promise.withResolvers<void>()
  let isHeld = false
  await page.route(address, async (route) => {
    if (isHeld || route.request().method() !== method) return route.fallback()
    isHeld = true
    const response = await route.fetch()
    answered.resolve()
    await released.promise
    await route.fulfill({ response })
    // A request that the page has given up has no answer.
    await (await route.request().response())?.finished()
    heard.resolve()
  })
  return {
    answered: answered.promise,
    release: async () => {
      released.resolve()
      await heard.promise
      await painted(page)
    },
  }
}

/** Resolves when the page shows what it has heard. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate('new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))')
}
