import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const made = new Set(['node_modules', 'build', '.svelte-kit', 'test-results'])
const stampFile = join('web', 'build', '.built-from')

/** Whether web/build was made from just these sources. A folder without sources needs no build. @param {string} root */
export function isWebBuilt(root) {
  if (!existsSync(join(root, 'web', 'src'))) return true
  const stamp = join(root, stampFile)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === webFingerprint(root)
}

/** Notes which sources web/build was made from; to be called with the fingerprint taken before the build. */
export function noteWebBuilt(/** @type {string} */ root, /** @type {string} */ fingerprint) {
  writeFileSync(join(root, stampFile), fingerprint)
}

/** SHA-256 over the names and bytes of all that the page is built from. @param {string} root */
export function webFingerprint(root) {
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', ...filesUnder(root, 'web')]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** @param {string} root @param {string} folder @returns {string[]} */
function filesUnder(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) return made.has(entry.name) ? [] : filesUnder(root, path)
      return entry.isFile() ? [path] : []
    })
}
