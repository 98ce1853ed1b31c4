import { main, prepare } from './prepare.mjs'
import { runProduct } from './product.mjs'

// npm run company -- --name "…" --owner "…" --email …: makes a company with its owner on the database that is set.
await main(async () => runProduct(await prepare({ build: false }), ['company', ...process.argv.slice(2)]))
