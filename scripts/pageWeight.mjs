import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { root } from './prepare.mjs'

/** KiB of JavaScript, gzip, that one address may make the browser fetch before anyone has touched the page. */
const limit = 150

const client = `${root}/web/.svelte-kit/output/client`
const generated = `${root}/web/.svelte-kit/generated/build/client-optimized`

/** @typedef {{ file: string, isEntry?: boolean, imports?: string[], dynamicImports?: string[] }} Chunk */
/** @type {Record<string, Chunk>} */
const chunks = JSON.parse(readFileSync(`${client}/.vite/manifest.json`, 'utf8'))
/** @type {{ dictionary: Record<string, [number, number[]?]> }} */
const { dictionary } = await import(`${generated}/app.js`)

const nodeOf = (/** @type {number} */ node) => `.svelte-kit/generated/build/client-optimized/nodes/${node}.js`
/** What is fetched without being asked for, though imported later; the rest of such imports comes with a click. */
const unasked = /\/client-entry\.js$|\/messages\/(?:\w+\/)?da\.json$/
const isNode = (/** @type {string} */ name) => /\/nodes\/\d+\.js$/.test(name)
const runtime = Object.keys(chunks).filter((name) => chunks[name]?.isEntry && !isNode(name))

/**
 * All that comes with these chunks; tests/browser/pages.ts holds it against what a browser really fetches.
 * @param {string[]} names @param {Set<string>} seen
 */
function withImports(names, seen = new Set()) {
  for (const name of names) {
    const chunk = chunks[name]
    if (!chunk || seen.has(name)) continue
    seen.add(name)
    const later = (chunk.dynamicImports ?? []).filter((each) => unasked.test(each))
    withImports([...(chunk.imports ?? []), ...later], seen)
  }
  return seen
}

const sizeOf = (/** @type {string} */ name) =>
  gzipSync(readFileSync(`${client}/${chunks[name]?.file}`)).length

const weights = Object.entries(dictionary).map(([address, [page, layouts = []]]) => {
  const names = withImports([...runtime, ...[0, ...layouts, page].map(nodeOf)])
  return { address, kibibytes: [...names].reduce((sum, name) => sum + sizeOf(name), 0) / 1024 }
})
for (const { address, kibibytes } of weights) {
  const isHeavy = kibibytes > limit
  const verdict = isHeavy ? `, more than the ${limit} KiB that one address may ask of the browser` : ''
  process.stdout.write(`${address}: ${kibibytes.toFixed(1)} KiB of JavaScript${verdict}\n`)
  if (isHeavy) process.exitCode = 1
}
