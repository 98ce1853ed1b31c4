import { randomInt } from 'node:crypto'

const syllables = ['ba', 'de', 'fi', 'go', 'hu', 'ka', 'le', 'mi', 'no', 'pu', 'ra', 'se', 'ti', 'vo', 'fu', 'ga'] // prettier-ignore

/** Four words of three syllables: 48 bits, and easy to type. */
export function readablePassword(): string {
  const word = () => Array.from({ length: 3 }, () => syllables[randomInt(syllables.length)]).join('')
  return Array.from({ length: 4 }, word).join('-')
}
