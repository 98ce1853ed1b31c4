import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { startOutside } from '../../agents/testing/outsideServer.ts'
import { startProduct } from '../process.ts'
import { startSlack } from './slack.ts'
import { executablePath, launchBrowser, type BrowserWorld } from './world.ts'

/** Stories about one product and one browser of this file's own: what a story brings about is there for the next one. */
export function describeInBrowser(title: string, tell: (world: BrowserWorld) => void): void {
  if (!executablePath) process.stderr.write(`Skipped: ${title}, because Chromium is not installed.\n`)

  describe.skipIf(!executablePath)(title, { timeout: 600_000 }, () => {
    const world = {} as BrowserWorld
    let folder: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tekup-browser-'))
      world.outside = await startOutside()
      world.slack = await startSlack()
      world.product = await startProduct({
        ...world.slack.settings,
        DATA_DIR: folder,
        EGRESS_ALLOW: world.outside.host,
        RATE_LIMIT_PER_MINUTE: '100000',
      })
      world.browser = await launchBrowser()
    }, 600_000)
    afterAll(async () => {
      await world.browser?.close()
      await world.product?.stop()
      await world.slack?.close()
      await world.outside?.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    })

    tell(world)
  })
}
