import { domainToASCII } from 'node:url'

/** Characters that are not seen, or that change how others are read: controls, joiners, marks of direction, tags. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu
const longest = 300

/** Text of anybody's as one line that reads as what it is: what cannot be seen is left out, and the end is cut. */
export function plainText(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(unseen, '').trim()
  return line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line
}

/**
 * The same for what something is sent to: whole, with what cannot be seen written out, and a host in other letters than
 * a–z also as the network reads it (RFC 5890), so that "nоrdlys.example" with a Cyrillic о does not pass for another.
 */
export function wholeText(text: string): string {
  const visible = text.replace(unseen, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
  const host = /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?([^/:?#\s]+)/iu.exec(visible.trim())?.[1] ?? ''
  const ascii = /[^\p{ASCII}]/u.test(host) && host.includes('.') ? domainToASCII(host) : ''
  return ascii === '' ? visible : `${visible} (${ascii})`
}
