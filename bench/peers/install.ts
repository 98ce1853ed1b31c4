import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Installs what only the benchmarks need, the first time that they run, so that the product's own install stays small. */
export async function installPeers(): Promise<void> {
  const directory = fileURLToPath(new URL('./', import.meta.url))
  if (existsSync(`${directory}node_modules/typeorm`)) return
  console.log('Installing NestJS and TypeORM to compare with (once, under bench/peers) …')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: directory, stdio: 'inherit' })
  if (status !== 0) throw new Error('They could not be installed. Check the network and run it again.')
}
