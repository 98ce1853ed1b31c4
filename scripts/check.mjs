import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { main, prepare, root } from './prepare.mjs'
import { withProgress } from './progress.mjs'
import { runQuietly } from './run.mjs'

/** What was found well is not looked at again while nothing of it has changed; a fresh install begins anew. */
const memory = 'node_modules/.cache'

/** Each check: its name, its program (below node_modules), its parameters. */
const checks = [
  [
    'types',
    'typescript-native/bin/tsc',
    ['--noEmit', '--incremental', '--tsBuildInfoFile', `${memory}/types.json`],
  ],
  [
    'rooms',
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    ['--config', '.dependency-cruiser.mjs', ...rooms()],
  ],
  ['lint', 'oxlint/bin/oxlint', ['--deny-warnings']],
  ['format', 'oxfmt/bin/oxfmt', ['--check', '.']],
  [
    'page',
    'svelte-check/bin/svelte-check',
    ['--workspace', 'web', '--output', 'human', '--fail-on-warnings'],
  ],
  ['weight', '../scripts/pageWeight.mjs', []],
]

function rooms() {
  return ['main.ts', 'core', 'plugins', 'agents', 'channels', 'bench', 'web/src'].filter((path) =>
    existsSync(`${root}/${path}`),
  )
}

// npm run check [name...]: types, rooms, lint, format, page, weight; all of them run, and what is wrong is shown.
await main(async () => {
  const named = process.argv.slice(2)
  const isWanted = (/** @type {string} */ name) => named.length === 0 || named.includes(name)
  // What the page weighs can only be told of the built one.
  const node = await prepare({ build: isWanted('weight') })
  const wanted = checks.filter(([name]) => isWanted(String(name)))
  return (await checkAll(node, wanted)) ? 0 : 1
})

/** Whether all is well; as many run at a time as there are cores. */
async function checkAll(/** @type {string} */ node, /** @type {typeof checks} */ waiting) {
  /** @type {boolean[]} */
  const isWell = []
  const runTheRest = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) isWell.push(await check(node, next))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, runTheRest))
  return isWell.every(Boolean)
}

/** @param {string} node @param {typeof checks[number]} check @returns {Promise<boolean>} */
async function check(node, [name, program, parameters]) {
  const work = async () => {
    // The page's types are partly made by SvelteKit: a fresh clone has none yet.
    if (name === 'page') await runOrThrow(node, '@sveltejs/kit/svelte-kit.js', ['sync'], `${root}/web`)
    await runOrThrow(node, String(program), /** @type {string[]} */ (parameters), root)
  }
  return withProgress(String(name), work).then(
    () => true,
    (error) => (process.stderr.write(`${error.message}\n`), false),
  )
}

/** @param {string} node @param {string} program @param {string[]} parameters @param {string} cwd */
async function runOrThrow(node, program, parameters, cwd) {
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` }
  const { code, said } = await runQuietly(node, [`${root}/node_modules/${program}`, ...parameters], {
    cwd,
    env,
  })
  if (code !== 0) throw new Error(said.trim())
}
