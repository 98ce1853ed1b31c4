import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const kept = new Map<string, string>()
const asked: { readonly address: string; readonly link: string }[] = []
let location: { hash: string; pathname: string; href: string }
let status = 200

beforeEach(() => {
  kept.clear()
  asked.length = 0
  vi.resetModules()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
  const element = { textContent: '', after: () => undefined, addEventListener: () => undefined }
  vi.stubGlobal('document', {
    documentElement: { lang: 'en' },
    getElementById: () => element,
    createElement: () => element,
  })
  vi.stubGlobal('history', { replaceState: () => (location.hash = '') })
  vi.stubGlobal('fetch', async (address: string, { body }: { body: string }) => {
    asked.push({ address, ...(JSON.parse(body) as { link: string }) })
    return Response.json(status === 200 ? { name: 'Anna', email: null, workspaceName: 'Nordlys' } : { error: { message: 'no' } }, { status }) // prettier-ignore
  })
})
afterEach(() => vi.unstubAllGlobals())

async function open(hash: string): Promise<void> {
  location = { hash, pathname: '/slack/link', href: '' }
  vi.stubGlobal('location', location)
  vi.resetModules()
  await import(new URL('./link.js', import.meta.url).href)
}

test('whoever has to sign in first comes back to their link, which no address holds', async () => {
  status = 401
  await open('#the-secret')
  expect(location.href).toBe('/login?next=%2Fslack%2Flink')
  status = 200
  await open('')
  expect(asked.at(-1)).toEqual({ address: '/api/v1/slack/links/open', link: 'the-secret' })
})
