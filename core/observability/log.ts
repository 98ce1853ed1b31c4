import { pino } from 'pino'
import type { Logger } from 'pino'

export type { Logger }

interface LogOptions {
  readonly level: string
  /** People read lines, machines read JSON. */
  readonly format: 'json' | 'pretty'
}

const secretPaths = ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-api-key"]', '*.password', '*.token', '*.accessToken', '*.refreshToken'] // prettier-ignore

export function createLogger({ level, format }: LogOptions): Logger {
  return pino({
    level,
    redact: { paths: secretPaths, censor: '[redacted]' },
    base: null,
    ...(format === 'pretty' && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' },
      },
    }),
  })
}
