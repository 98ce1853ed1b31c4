/**
 * The server's side of a measurement: says where it listens, how much processor time and memory it uses, and ends when told.
 * Plain JavaScript, so that peers in plain JavaScript share it.
 * @param {number} port
 * @param {() => Promise<unknown>} close
 */
export function underLoad(port, close) {
  process.once('disconnect', () => process.exit())
  process.on('message', async (message) => {
    if (message === 'stop') {
      await close()
      process.exit(0)
    }
    process.send?.(message === 'memory' ? memory() : cpu())
  })
  process.send?.(port)
}

function cpu() {
  const { user, system } = process.cpuUsage()
  return user + system
}

function memory() {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** @returns {any} What the measurement gave this server to know. */
export const settings = () => JSON.parse(process.argv[2] ?? '{}')
