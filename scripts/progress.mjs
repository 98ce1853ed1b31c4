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

/** What goes on now, as it is told, the first begun first. @type {Set<() => string>} */
const going = new Set()
/** @type {ReturnType<typeof setInterval> | undefined} */
let turning
let drawn = 0

/** @param {string} title @param {() => string} seconds */
function turn(title, seconds) {
  const tell = () => `${title} ${seconds()}`
  going.add(tell)
  turning ??= setInterval(draw, 100)
  return (/** @type {string} */ last) => {
    going.delete(tell)
    if (going.size === 0) turning = void clearInterval(turning)
    process.stderr.write(`\r\x1b[2K${last}`)
  }
}

function draw() {
  const told = Array.from(going, (tell) => tell()).join(', ')
  process.stderr.write(`\r\x1b[2K${frames[drawn++ % frames.length]} ${told}`)
}

/** @param {string} title */
function say(title) {
  process.stderr.write(`… ${title}\n`)
  return (/** @type {string} */ last) => void process.stderr.write(last)
}
