import { main, prepare, root } from './prepare.mjs'
import { run } from './run.mjs'

// npm run eval [-- parameters]: says the evaluation's sentences to a model and prints what it understood; see evaluation/.
await main(async () => {
  const node = await prepare({ build: false })
  return run(node, ['evaluation/eval.ts', ...process.argv.slice(2)], { cwd: root })
})
