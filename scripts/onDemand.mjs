import { hasPackages } from './installed.mjs'
import { installPackages } from './npm.mjs'

/** Whoever is not on a network learns it soon, and what was fetched before is not fetched again. */
const soon = ['--prefer-offline', '--fetch-retries=1', '--fetch-timeout=60000', '--ignore-scripts']

/**
 * Installs what one benchmark or one test alone needs, the first time that it runs: a folder with a package.json and a
 * lockfile of its own, so that the product's own install stays small. Throws a `PrepareFault` that says why it cannot.
 * @param {string} folder @param {string} what for people
 */
export async function onDemand(folder, what) {
  if (!hasPackages(folder)) await installPackages(folder, `Installing ${what} (once)`, soon)
}
