import type { OfflineBrain } from '../brain.ts'
import { fold } from '../language/fold.ts'
import { stem } from '../language/stem.ts'
import { tokenize } from '../language/tokens.ts'
import { isFunctionWord } from '../language/words.ts'
import { isLiteral, type Pattern } from '../understanding/patterns.ts'

/** Where a message may be parted in two commands: before a word that commands begin with, after "og", a line or a stop. */
export function clausePairs(brain: OfflineBrain, text: string): readonly [string, string][] {
  if (text.length > longestParted) return []
  const tokens = tokenize(text)
  return tokens.flatMap((token, index): [string, string][] => {
    const next = tokens[index + 1]
    const previous = tokens[index - 1]
    if (!next || !previous) return []
    const parts = /^(?:og|and|samt|then|derefter|;|\.|,)$/.test(token.word)
    const after = parts
      ? tokens
          .slice(index + 1)
          .find((each) => !/^(?:saa|then|derefter|og|and|also|ogsaa|lige)$/.test(each.word))
      : undefined
    if (after && startsCommand(brain, after.stem))
      return [[text.slice(0, token.start), text.slice(after.start)]]
    const newLine = /\n/.test(text.slice(token.end, next.start)) && startsCommand(brain, next.stem)
    return newLine ? [[text.slice(0, token.end), text.slice(next.start)]] : []
  })
}

const longestParted = 600

/** The last clause of a message, and the name in what stands before it. */
export function lastClause(
  { vocabulary }: OfflineBrain,
  text: string,
): { readonly name: string; readonly asked: string } | undefined {
  if (text.length > longestParted) return undefined
  const cut = [...text.matchAll(/[,;.!?–]\s+(?=\p{L})/gu)].at(-1)
  const asked = cut && text.slice(cut.index + cut[0].length)
  if (!cut || !asked?.includes(' ') || shortened.test(text.slice(0, cut.index))) return undefined
  const names = [...text.slice(0, cut.index).matchAll(capitals)]
    .filter(
      ({ index, 0: name }) => index > 0 || name.includes(' ') || !vocabulary.languages(stem(fold(name))),
    )
    .map(([name]) => name)
  return names.length === 1 && names[0] !== undefined ? { name: names[0], asked } : undefined
}

/** "1,2 mio. kr. værd": the stop ends a word that was cut short, and no clause. */
const shortened = /(?<![\p{L}])(?:kr|mio|mia|tlf|nr|ca|kl|d|inkl|ekskl|adm|no|mr|mrs|approx|incl)$/iu
const capitals = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}'’./-]*(?: (?:& )?\p{Lu}[\p{L}\p{N}'’./-]*)*/gu
const openers = new WeakMap<readonly Pattern[], ReadonlySet<string>>()

function startsCommand({ patterns, vocabulary }: OfflineBrain, stemmed: string): boolean {
  let known = openers.get(patterns)
  if (!known) {
    const first = patterns.flatMap(({ parts: [part] }) =>
      part && isLiteral(part) && !isFunctionWord(part.word) ? [part.stem] : [],
    )
    openers.set(patterns, (known = new Set(first)))
  }
  if (known.has(stemmed)) return true
  const token = {
    text: stemmed,
    word: stemmed,
    stem: stemmed,
    start: 0,
    end: stemmed.length,
    capital: false,
    mark: false,
    joined: false,
  }
  return [...vocabulary.meanings(token, true)].some(
    ([meaning, likeness]) => likeness >= 0.7 && known.has(meaning),
  )
}
