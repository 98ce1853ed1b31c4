import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PrepareFault } from './fault.mjs'
import { main, prepare, root } from './prepare.mjs'
import { run } from './run.mjs'

// npm run bench [name...]: runs every bench/*.bench.ts, or those whose name holds one of the words.
await main(async () => {
  const files = chosen(process.argv.slice(2))
  if (files.length === 0)
    throw new PrepareFault('There is no such benchmark: the names are those of the files in bench/.')
  const node = await prepare({ build: false })
  let worst = 0
  for (const file of files) {
    process.stdout.write(`\n${file}\n`)
    worst = Math.max(worst, await run(node, ['--expose-gc', join('bench', file)], { cwd: root }))
  }
  return worst
})

/** @param {string[]} words */
function chosen(words) {
  const folder = join(root, 'bench')
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.bench.ts')) : []
  return files.filter((file) => words.length === 0 || words.some((word) => file.includes(word))).sort()
}
