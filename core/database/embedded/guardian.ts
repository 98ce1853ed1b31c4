import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'

/**
 * A shell that waits on a pipe from this process. The pipe closes when this process ends, however it ends, and the
 * shell then asks the server for a fast shutdown. Returns how to send it home once the server has ended by itself.
 */
export function startGuardian(server: ChildProcess): () => void {
  const guardian = spawn('/bin/sh', ['-c', 'read -r line; kill -INT "$0"', String(server.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    detached: true,
  })
  guardian.on('error', () => undefined)
  guardian.stdin.on('error', () => undefined)
  guardian.unref()
  ;(guardian.stdin as unknown as Socket).unref()
  return () => void guardian.kill('SIGKILL')
}
