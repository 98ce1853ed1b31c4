const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/**
 * Shows that work goes on: a turning sign with the seconds in a terminal, two plain lines elsewhere.
 * @template Result
 * @param {string} title what is being done
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withProgress(title, work) {
  const started = Date.now()
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(0)} s`
  const stop = process.stderr.isTTY ? turn(title, seconds) : say(title)
  try {
    const result = await work()
    stop(`✓ ${title} (${seconds()})\n`)
    return result
  } catch (error) {
    stop(`✗ ${title} (${seconds()})\n`)
    throw error
  }
}

/** @param {string} title @param {() => string} seconds */
function turn(title, seconds) {
  let count = 0
  const draw = () => process.stderr.write(`\r\x1b[2K${frames[count++ % frames.length]} ${title} ${seconds()}`)
  const timer = setInterval(draw, 100)
  return (/** @type {string} */ last) => {
    clearInterval(timer)
    process.stderr.write(`\r\x1b[2K${last}`)
  }
}

/** @param {string} title */
function say(title) {
  process.stderr.write(`… ${title}\n`)
  return (/** @type {string} */ last) => void process.stderr.write(last)
}
