import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The Node that the install brings. */
export const pinnedNode = join('node_modules', 'node', 'bin', 'node')

/** Whether the product's own packages are there, the Node that it runs on with them. @param {string} root */
export const isInstalled = (root) => existsSync(join(root, pinnedNode)) && hasPackages(root)

/**
 * Whether node_modules holds what the lockfile asks for. npm keeps its own list of what it installed, and writes it
 * last: so an install that was cut short, or a lockfile that changed since, is seen; one made by hand is accepted.
 * @param {string} folder of package.json
 */
export function hasPackages(folder) {
  const list = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(list)) return false
  return missingPackages(readPackages(join(folder, 'package-lock.json')), readPackages(list)).length === 0
}

/**
 * Paths of the packages that are asked for and not there in that version. Optional ones are for other machines.
 * @param {Record<string, Entry>} asked
 * @param {Record<string, Entry>} present
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean, peer?: boolean }} Entry
 */
export function missingPackages(asked, present) {
  return Object.entries(asked)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.optional && !entry.devOptional)
    .filter(([path, entry]) => !present[path] || present[path].version !== entry.version)
    .map(([path]) => path)
}

/** @param {string} file */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
}
