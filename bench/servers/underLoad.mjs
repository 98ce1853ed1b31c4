/**
 * The server's side of a measurement: says where it listens, how much processor time it used, and ends when told.
 * Plain JavaScript, so that peers in plain JavaScript share it.
 * @param {number} port
 * @param {() => Promise<unknown>} close
 */
export function underLoad(port, close) {
  process.on('message', async (message) => {
    if (message === 'stop') {
      await close()
      process.exit(0)
    }
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
  process.send?.(port)
}

/** @returns {any} What the measurement gave this server to know. */
export const settings = () => JSON.parse(process.argv[2] ?? '{}')
