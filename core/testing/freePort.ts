import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Ports that no system hands out by itself, neither to who listens on any nor to who calls: one that was found free stays
 * so until it is used, and while whoever listens on it is started again. Each file of tests begins in a place of its own.
 */
const [lowest, highest] = [10_240, 32_767]
let next = lowest + ((process.pid * 16) % (highest - lowest))

/** A port of this machine that nobody listens on, and that this process has not been given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next
    next = next === highest ? lowest : next + 1
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    return false
  }
  await new Promise((closed) => probe.close(closed))
  return true
}
