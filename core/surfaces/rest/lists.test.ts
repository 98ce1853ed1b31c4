import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testCore, type TestCore } from '../../testing/core.ts'
import { restCaller, testServer } from '../../testing/server.ts'
import { shelf } from '../../testing/shelf/shelf.ts'

describe('a list', () => {
  const titles = Array.from({ length: 45 }, (_, index) => `page ${String(index).padStart(2, '0')}`)
  let world: TestCore
  let app: FastifyInstance
  let call: ReturnType<typeof restCaller>

  beforeAll(async () => {
    world = await testCore([shelf])
    app = await testServer(world)
    call = restCaller(app, randomUUID())
    for (const [index, title] of titles.entries()) {
      await call('POST', '/shelf/books', { payload: { title, pages: 1000 + (index % 7) } })
    }
  })
  afterAll(async () => {
    await app.close()
    await world.close()
  })

  const walk = async (query: string): Promise<{ title: string; pages: number }[]> => {
    const found = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: { title: string; pages: number }[]; nextCursor: string | null } = (
        await call('GET', `/shelf/books?${query}${cursor && `&cursor=${cursor}`}`)
      ).json()
      found.push(...page.items)
      cursor = page.nextCursor
    }
    return found
  }

  test.each(['title', '-title', 'pages', '-pages'])(
    'walks every item once by cursor in the order %s',
    async (sort) => {
      const found = await walk(`sort=${sort}&limit=7`)
      expect(found.map(({ title }) => title).toSorted()).toEqual(titles)
      const field = sort.replace('-', '') as 'title' | 'pages'
      const values = found.map((item) => item[field])
      const ordered = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      expect(values).toEqual(sort.startsWith('-') ? ordered.toReversed() : ordered)
    },
  )

  test.each([
    'cursor=garbage',
    'cursor=WyJ0aXRsZSJd',
    'sort=nothing',
    'limit=0',
    'limit=201',
    'limit=many',
    'unknown=1',
  ])('refuses ?%s with a sentence', async (query) => {
    const refused = await call('GET', `/shelf/books?${query}`)
    expect([refused.statusCode, refused.json().error.code]).toEqual([400, 'invalid_input'])
  })

  test('says on every page how many there are in all, to who asks for it', async () => {
    const counted = async (query: string) => {
      const page = (await call('GET', `/shelf/books?limit=7&count=true&${query}`)).json()
      return [page.total, page.items.length, page.nextCursor]
    }
    const [total, shown, cursor] = await counted('')
    expect([total, shown]).toEqual([45, 7])
    expect(await counted(`cursor=${cursor}`)).toMatchObject([45, 7, expect.any(String)])
    expect(await counted('minimumPages=1006')).toEqual([6, 6, null])
    expect(await counted('minimumPages=5000')).toEqual([0, 0, null])
    expect((await call('GET', '/shelf/books?limit=7')).json()).not.toHaveProperty('total')
  })

  test('refuses the cursor of another order', async () => {
    const { nextCursor } = (await call('GET', '/shelf/books?sort=title&limit=1')).json()
    expect((await call('GET', `/shelf/books?sort=-pages&limit=1&cursor=${nextCursor}`)).statusCode).toBe(400)
  })
})
