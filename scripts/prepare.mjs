import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrepareFault } from './fault.mjs'
import { isInstalled, pinnedNode } from './installed.mjs'
import { installPackages, npm } from './npm.mjs'
import { withProgress } from './progress.mjs'
import { isWebBuilt, noteWebBuilt, webFingerprint } from './webBuild.mjs'

/** Folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The oldest Node that these scripts and npm run on. The product itself runs on the Node that the install brings. */
const oldestNode = 20
const everything = ['--include=dev', '--include=optional']

/**
 * Brings a clone to where the product can run: packages installed, page built. Quick when both are there already.
 * @param {{ build: boolean }} what
 * @returns {Promise<string>} path of the Node to run the product with
 */
export async function prepare({ build }) {
  checkNode(process.versions.node)
  process.chdir(root)
  if (!isInstalled(root))
    await installPackages(root, 'Installing packages (once; about a minute)', everything)
  const node = await findNode()
  if (build && !isWebBuilt(root)) await buildWeb(node)
  return node
}

/** @param {string} version */
export function checkNode(version) {
  if (Number(version.split('.')[0]) >= oldestNode) return
  throw new PrepareFault(`TekUp needs Node.js ${oldestNode} or newer to start, and this is ${version}: install a newer one from https://nodejs.org.`) // prettier-ignore
}

/**
 * The Node that the install brings; where install scripts are switched off it is fetched now, and a machine's own
 * Node will do if it is as new.
 */
async function findNode() {
  const node = join(root, pinnedNode)
  if (!existsSync(node)) await npm(['rebuild', 'node', '--ignore-scripts=false'], root)
  if (existsSync(node)) return node
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  throw new PrepareFault('The install did not bring Node.js 24, since npm may not run install scripts here: run "npm config delete ignore-scripts", or install Node.js 24 from https://nodejs.org, and start again.') // prettier-ignore
}

/** @param {string} node */
async function buildWeb(node) {
  await withProgress('Building the web page', async () => {
    const fingerprint = webFingerprint(root)
    const { code, said } = await npm(['run', 'build', '-w', 'web'], root, {
      PATH: `${dirname(node)}:${process.env.PATH}`,
    })
    if (code !== 0)
      throw new PrepareFault(
        `The web page could not be built: see below, put it right and start again.\n${said.trim()}`,
      )
    noteWebBuilt(root, fingerprint)
  })
}

/**
 * Runs a script's work; a fault becomes its sentence on the screen and exit code 1.
 * @param {() => Promise<number>} work answers the exit code
 */
export async function main(work) {
  try {
    process.exitCode = await work()
  } catch (error) {
    if (!(error instanceof PrepareFault)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
