import { PrepareFault } from './fault.mjs'
import { withProgress } from './progress.mjs'
import { runQuietly } from './run.mjs'

/**
 * Installs what the lockfile in a folder asks for, showing that it goes on; throws a `PrepareFault` that says why not.
 * @param {string} folder of package.json @param {string} title what is being done @param {string[]} [options] of npm
 */
export async function installPackages(folder, title, options = []) {
  await withProgress(title, async () => {
    const { code, said } = await npm(['ci', '--no-audit', '--no-fund', ...options], folder)
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

/** @param {string[]} parameters @param {string} folder @param {Record<string, string>} [environment] */
export async function npm(parameters, folder, environment = {}) {
  const [command, ...first] = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : ['npm']
  try {
    return await runQuietly(command, [...first, ...parameters], {
      cwd: folder,
      env: { ...process.env, ...environment },
    })
  } catch {
    throw new PrepareFault(
      'npm was not found: install Node.js with npm from https://nodejs.org and start again.',
    )
  }
}
