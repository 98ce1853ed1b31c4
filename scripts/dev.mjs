import { main, prepare, root } from './prepare.mjs'
import { productFlags } from './product.mjs'
import { run } from './run.mjs'

// npm run dev: the server starts again when its sources change; Vite serves the page, reloads it in the browser
// when it changes, and passes calls on to the server (web/vite.config.ts).
await main(async () => {
  const node = await prepare({ build: false })
  const server = run(node, [...productFlags, '--watch', '--watch-preserve-output', 'main.ts'], { cwd: root })
  const page = run(node, ['../node_modules/vite/bin/vite.js', 'dev'], { cwd: `${root}/web` })
  return Math.max(...(await Promise.all([server, page])))
})
