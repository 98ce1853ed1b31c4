import { spawn } from 'node:child_process'

/** Signals that a person or a supervisor ends a program with. */
const endings = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/**
 * Runs a program in the foreground, passes on the signals that this process gets, and answers its exit code
 * (128 + the signal's number when a signal ended it, as shells do).
 * @param {string} command @param {string[]} parameters @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, parameters, options = {}) {
  const child = spawn(command, parameters, { stdio: 'inherit', ...options })
  const pass = endings.map((signal) => /** @type {const} */ ([signal, () => passOn(child, signal)]))
  for (const [signal, listener] of pass) process.on(signal, listener)
  const watch = whenAbandoned(() => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? 128 + (signalNumbers[signal ?? ''] ?? 0)))
  }).finally(() => {
    clearInterval(watch)
    for (const [signal, listener] of pass) process.off(signal, listener)
  })
}

/**
 * npm that is killed outright passes nothing on, and what it started would go on unseen. Run by hand, the program may
 * outlive the shell that started it.
 * @param {() => void} act
 */
function whenAbandoned(act) {
  const parent = process.ppid
  if (!process.env.npm_lifecycle_event) return undefined
  return setInterval(() => process.ppid !== parent && act(), 500).unref()
}

/** @type {Record<string, number>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

/**
 * In a terminal Ctrl-C reaches the child by itself, since it is in the same group; a second one could be read as
 * impatience, so only a SIGINT sent to this process alone is passed on.
 * @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal
 */
function passOn(child, signal) {
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  child.kill(signal)
}

/**
 * Runs a program quietly and answers its exit code and all that it said.
 * @param {string} command @param {string[]} parameters @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ code: number, said: string }>}
 */
export async function runQuietly(command, parameters, options = {}) {
  let said = ''
  const child = spawn(command, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout?.on('data', (chunk) => (said += chunk))
  child.stderr?.on('data', (chunk) => (said += chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, said }))
  })
}
