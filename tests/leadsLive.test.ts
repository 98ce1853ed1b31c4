import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  redisProgram,
  startRedis,
  testDatabase,
  freePort,
  type RedisServer,
  type TestDatabase,
} from '#core/testing'
import { contactsOf, withWatchers } from './browser/leadStory.ts'
import { executablePath, launchBrowser } from './browser/world.ts'
import { demoPassword, makeCompany, signIn, startProduct, type Product } from './process.ts'
import { formKey, visit } from './visitor.ts'

/* A visitor sends a form, and two people watch what comes of it, each in a browser of their own. */

const toNobody = ['Oprettet som kontakt i CRM', 'Leadet kom ind']
/** The demo company hands its leads out in turn. */
const toSomebody = (name: string) => toNobody.toSpliced(1, 0, `Givet til ${name}`)

const patience = 1_200_000
if (!executablePath)
  process.stderr.write('Skipped: a lead watched by two people, because Chromium is not installed.\n')

describe.skipIf(!executablePath)('two people who watch leads', { timeout: patience }, () => {
  let browser: Browser
  const products: Product[] = []
  const start = async (settings: Parameters<typeof startProduct>[0]): Promise<Product> => {
    const product = await startProduct({ RATE_LIMIT_PER_MINUTE: '100000', ...settings })
    products.push(product)
    return product
  }
  const kill = async (product: Product): Promise<void> => {
    product.process.kill('SIGKILL')
    await product.ended
  }

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await Promise.all(products.map(kill))
  })

  describe('on one process', () => {
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tekup-leads-live-'))
    })
    afterAll(async () => {
      await Promise.all(products.map(kill))
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    })

    test('see each step as it happens, and whatever happened while the process was killed and came back', async () => {
      const settings = { DATA_DIR: folder, PORT: String(await freePort()) }
      const product = await start(settings)
      const key = await formKey(await signIn(product.address, 'anna@nordlys.example'))
      const people = ['anna@nordlys.example', 'mikkel@nordlys.example'] as const
      await withWatchers(browser, [product, product], people, async (anna, mikkel) => {
        const both = [anna, mikkel]
        await visit(product, key, 'Gry Watched')
        for (const watcher of both) await watcher.sees('Gry Watched')
        for (const watcher of both) await watcher.opens('Gry Watched')
        for (const watcher of both) await watcher.seesItsEnd('Gry Watched', toSomebody('Anna Nordlys'))
        for (const watcher of both) await watcher.findsTheCall('Gry Watched')
        for (const watcher of both) await watcher.goesBack()

        await visit(product, key, 'Ib Killed')
        await kill(product)
        await start(settings)
        for (const watcher of both) await watcher.sees('Ib Killed')
        for (const watcher of both) await watcher.opens('Ib Killed')
        for (const watcher of both) await watcher.seesItsEnd('Ib Killed', toSomebody('Mikkel Brandt'))
        for (const watcher of both) await watcher.goesBack()
        for (const watcher of both) await watcher.sees('Gry Watched')
      })
    })
  })

  describe.skipIf(!redisProgram)('at two processes that answer, while two others work', () => {
    let world: TestDatabase
    let redis: RedisServer
    beforeAll(async () => {
      world = await testDatabase()
      redis = await startRedis(redisProgram!, ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])
      await makeCompany(world.adminUrl)
    }, patience)
    afterAll(async () => {
      await Promise.all(products.map(kill))
      await redis?.stop()
      await world?.close()
    })

    test('see each step once while a worker is killed in the middle of it, and while the process that one of them speaks with is', async () => {
      const at = async (ROLE: string) => {
        const settings = { DATABASE_URL: world.adminUrl, REDIS_URL: redis.url, ROLE, PORT: String(await freePort()) } // prettier-ignore
        return { settings, product: await start(settings) }
      }
      const [here, there, one, other] = [
        await at('api'),
        await at('api'),
        await at('worker'),
        await at('worker'),
      ]
      const call = await signIn(here.product.address, 'ida@havneby.example')
      const colleague = 'niels@havneby.example'
      await invite(here.product, call, colleague)
      const key = await formKey(call)
      const people = ['ida@havneby.example', colleague] as const
      await withWatchers(browser, [here.product, there.product], people, async (ida, niels) => {
        const both = [ida, niels]
        const [first, second] = [one.product.process, other.product.process]
        for (const worker of [first, second]) worker.kill('SIGSTOP')
        await visit(here.product, key, 'Tove Paused')
        for (const watcher of both) await watcher.sees('Tove Paused')
        for (const watcher of both) await watcher.opens('Tove Paused')
        for (const { page } of both) await page.getByText('Endnu ingen').waitFor()
        first.kill('SIGCONT')
        // What the other was about when it was stopped is its own for a minute at most.
        await expect.poll(() => contactsOf(call, 'Tove Paused'), { timeout: 200_000, interval: 5 }).toBe(1)
        await kill(one.product)
        second.kill('SIGCONT')
        for (const watcher of both) await watcher.seesItsEnd('Tove Paused', toNobody)
        for (const watcher of both) await watcher.goesBack()

        await kill(there.product)
        await visit(here.product, key, 'Asta Meanwhile')
        await ida.sees('Asta Meanwhile')
        await ida.opens('Asta Meanwhile')
        await ida.seesItsEnd('Asta Meanwhile', toNobody)
        await start(there.settings)
        await niels.sees('Asta Meanwhile')
        await niels.opens('Asta Meanwhile')
        for (const watcher of both) await watcher.seesItsEnd('Asta Meanwhile', toNobody)
        for (const watcher of both) await watcher.findsTheCall('Asta Meanwhile')
        await niels.goesBack()
        await niels.sees('Tove Paused')
      })
    })
  })
})

/** Makes a colleague of somebody who is in no company yet. */
async function invite(
  { address }: Product,
  call: Awaited<ReturnType<typeof signIn>>,
  email: string,
): Promise<void> {
  const { token } = (await call('POST', '/platform/invitations', { email })) as { token: string }
  const response = await fetch(`${address}/api/v1/auth/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, name: 'Niels Holm', password: demoPassword }),
  })
  expect(response.status).toBe(200)
}
