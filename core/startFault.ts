import { ConfigFault } from './config.ts'
import { DatabaseFault } from './database/databaseFault.ts'
import { FoundingFault } from './founding/founding.ts'
import { StartupFault } from './database/embedded/index.ts'

/** The address to listen on is not to be had. */
class ListenFault extends Error {
  override name = 'ListenFault'
}

/** Says why the server cannot listen, as one sentence; anything unforeseen is passed on as it is. */
export function listenFault(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new ListenFault(
        `Port ${port} on ${host} is taken by another program: stop it, or set PORT to another number.`,
      )
    case 'EACCES':
      return new ListenFault(`This user may not listen on port ${port}: set PORT to a number above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenFault(`${host} is not an address of this machine: set HOST to 127.0.0.1 or 0.0.0.0.`)
    default:
      return error
  }
}

/** A start that a person can mend: its message is all there is to say. */
export function isStartFault(error: unknown): error is Error {
  return [ConfigFault, DatabaseFault, StartupFault, ListenFault, FoundingFault].some(
    (kind) => error instanceof kind,
  )
}
