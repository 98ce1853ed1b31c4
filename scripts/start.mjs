import { main, prepare } from './prepare.mjs'
import { runProduct } from './product.mjs'

// npm start: prepares the clone, then runs the product on the Node that the install brought.
await main(async () => runProduct(await prepare({ build: true }), process.argv.slice(2)))
