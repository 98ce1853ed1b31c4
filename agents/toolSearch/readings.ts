import { readingsFor, type OfflineBrain } from '../models/offline/index.ts'

/** Messages whose readings are remembered for the message after them. */
const mostRemembered = 200

type Offered = (operation: string) => boolean

interface Readings {
  /** The operations that a message may ask for, as the offline model reads it. */
  of(text: string, offered: Offered): readonly string[]
  /** The same for the message before: it was read already when it was answered in this process. */
  ofBefore(text: string, offered: Offered): readonly string[]
}

export function rememberReadings(brain: OfflineBrain): Readings {
  const remembered = new Map<string, readonly string[]>()
  const of: Readings['of'] = (text, offered) => {
    const read = readingsFor(brain, text, offered)
    remembered.delete(text)
    remembered.set(text, read)
    if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value as string)
    return read
  }
  return {
    of,
    ofBefore: (text, offered) => remembered.get(text)?.filter(offered) ?? of(text, offered),
  }
}
