import { productFlags } from '../../scripts/product.mjs'

/**
 * What Node is told for `bench/<name>`: ours runs as `npm start` runs it, a peer as Node does by itself. `BENCH_PROFILE` names
 * a folder for CPU profiles.
 */
export function flagsOf(name: string): string[] {
  const folder = process.env['BENCH_PROFILE']
  const profile = folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}/${name.replace('/', '-')}`] : []
  return [...(name.endsWith('/ours.ts') ? productFlags : []), ...profile]
}
