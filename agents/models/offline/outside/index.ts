import danish from './da.json' with { type: 'json' }
import english from './en.json' with { type: 'json' }

/** What people ask assistants for in daily life and in other trades: the offline model learns from it what to refuse. */
export const everydayRequests: readonly string[] = [...danish, ...english]
