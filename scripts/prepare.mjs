import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled, pinnedNode } from './installed.mjs'
import { withProgress } from './progress.mjs'
import { runQuietly } from './run.mjs'
import { isWebBuilt, noteWebBuilt, webFingerprint } from './webBuild.mjs'

/** Folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The oldest Node that these scripts and npm run on. The product itself runs on the Node that the install brings. */
const oldestNode = 20

/** Something a person must put right first; the message says what, in one sentence. */
export class PrepareFault extends Error {}

/**
 * Brings a clone to where the product can run: packages installed, page built. Quick when both are there already.
 * @param {{ build: boolean }} what
 * @returns {Promise<string>} path of the Node to run the product with
 */
export async function prepare({ build }) {
  checkNode(process.versions.node)
  process.chdir(root)
  if (!isInstalled(root)) await install()
  const node = await findNode()
  if (build && !isWebBuilt(root)) await buildWeb(node)
  return node
}

/** @param {string} version */
export function checkNode(version) {
  if (Number(version.split('.')[0]) >= oldestNode) return
  throw new PrepareFault(`TekUp needs Node.js ${oldestNode} or newer to start, and this is ${version}: install a newer one from https://nodejs.org.`) // prettier-ignore
}

async function install() {
  await withProgress('Installing packages (once; about a minute)', async () => {
    const { code, said } = await npm(['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional'])
    if (code !== 0) throw installFault(said)
  })
}

/** The sentence for a failed install, with npm's own last words below it. @param {string} said */
export function installFault(said) {
  const words = said
    .split('\n')
    .filter((line) => line.startsWith('npm error') && !line.includes('A complete log'))
  return new PrepareFault([installSentence(said), ...words.slice(0, 12)].join('\n'))
}

/** @param {string} said */
function installSentence(said) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ECONNRESET|network/.test(said))
    return 'The packages could not be fetched, since npm could not reach its registry: connect to the network and start again.'
  if (/ENOSPC/.test(said))
    return 'The packages could not be installed, since the disk is full: free about 1 GB and start again.'
  if (/EACCES|EPERM|EROFS/.test(said))
    return 'The packages could not be installed, since this folder cannot be written to: give this user access to it and start again.'
  return 'The packages could not be installed: see what npm says below, put it right and start again.'
}

/**
 * The Node that the install brings; where install scripts are switched off it is fetched now, and a machine's own
 * Node will do if it is as new.
 */
async function findNode() {
  const node = join(root, pinnedNode)
  if (!existsSync(node)) await npm(['rebuild', 'node', '--ignore-scripts=false'])
  if (existsSync(node)) return node
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  throw new PrepareFault('The install did not bring Node.js 24, since npm may not run install scripts here: run "npm config delete ignore-scripts", or install Node.js 24 from https://nodejs.org, and start again.') // prettier-ignore
}

/** @param {string} node */
async function buildWeb(node) {
  await withProgress('Building the web page', async () => {
    const fingerprint = webFingerprint(root)
    const { code, said } = await npm(['run', 'build', '-w', 'web'], {
      PATH: `${dirname(node)}:${process.env.PATH}`,
    })
    if (code !== 0)
      throw new PrepareFault(
        `The web page could not be built: see below, put it right and start again.\n${said.trim()}`,
      )
    noteWebBuilt(root, fingerprint)
  })
}

/** @param {string[]} parameters @param {Record<string, string>} [environment] */
async function npm(parameters, environment = {}) {
  const [command, ...first] = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : ['npm']
  try {
    return await runQuietly(command, [...first, ...parameters], {
      cwd: root,
      env: { ...process.env, ...environment },
    })
  } catch {
    throw new PrepareFault(
      'npm was not found: install Node.js with npm from https://nodejs.org and start again.',
    )
  }
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
