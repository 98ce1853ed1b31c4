import { main, prepare, root } from './prepare.mjs'
import { run } from './run.mjs'

// npm run dev:slack [-- <port> <request URL>]: a Slack on this machine for development, with a page to write in.
await main(async () => {
  const node = await prepare({ build: false })
  return run(node, ['channels/slack/fake/dev.ts', ...process.argv.slice(2)], { cwd: root })
})
