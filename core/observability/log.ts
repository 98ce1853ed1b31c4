import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { loggedError } from './errors.ts'

export type { Logger }

interface LogOptions {
  readonly level: string
  /** People read lines, machines read JSON. */
  readonly format: 'json' | 'pretty'
  /** Where JSON lines go instead of the terminal. */
  readonly to?: DestinationStream
}

const secretPaths = ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-api-key"]', '*.password', '*.token', '*.accessToken', '*.refreshToken'] // prettier-ignore

export function createLogger({ level, format, to }: LogOptions): Logger {
  const options = {
    level,
    redact: { paths: secretPaths, censor: '[redacted]' },
    base: null,
    serializers: { err: (thrown: unknown) => loggedError(thrown) },
    ...(format === 'pretty' && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' },
      },
    }),
  }
  return to ? pino(options, to) : pino(options)
}
