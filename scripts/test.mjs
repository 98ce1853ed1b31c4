import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main, prepare, root } from './prepare.mjs'
import { compiled } from './product.mjs'
import { run } from './run.mjs'
import { isComplete, summary } from './testReport.mjs'

// npm test: prepares the clone, then runs all tests once; parameters go to Vitest, such as `npm test -- plugins/crm`.
await main(async () => {
  const node = await prepare({ build: true })
  const parameters = process.argv.slice(2)
  return process.env.CI ? testAll(node, parameters) : vitest(node, parameters)
})

/** On a build machine (CI is set) a skipped test fails the run, and the last line says the counts. */
async function testAll(/** @type {string} */ node, /** @type {string[]} */ parameters) {
  const folder = mkdtempSync(join(tmpdir(), 'tekup-report-'))
  const file = join(folder, 'report.json')
  try {
    const code = await vitest(node, [
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...parameters,
    ])
    const report = JSON.parse(readFileSync(file, 'utf8'))
    process.stdout.write(`${summary(report)}\n`)
    return code || (isComplete(report) ? 0 : 1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Hundreds of processes read the same sources: those of each test file, and the products that tests start.
 * @param {string} node @param {string[]} parameters
 */
function vitest(node, parameters) {
  return run(node, ['node_modules/vitest/vitest.mjs', 'run', ...parameters], {
    cwd: root,
    env: { ...compiled, ...process.env },
  })
}
