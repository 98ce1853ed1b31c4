import type { Locale } from '#core'
import { fold } from '../language/fold.ts'
import type { SentenceName } from '../answers/sentences.ts'

type SmallTalk = SentenceName | 'help'

/** Whole messages that ask for nothing to be done. Folded, without marks. */
const talk: readonly [RegExp, SmallTalk, Locale?][] = [
  [/^(?:hej(?: hej| igen| med dig)?|halloej|goddag|god ?morgen|god ?aften|dav|davs)$/, 'hello', 'da'],
  [/^(?:hi|hello|hey|hi there|hello there|good (?:morning|afternoon|evening))$/, 'hello', 'en'],
  [/^(?:(?:mange |tusind )?tak(?: for (?:det|hjaelpen))?|perfekt(?: tak)?|super(?: tak)?|fint(?: tak)?|ok(?:ay)? tak|tak skal du have)$/, 'thanks', 'da'],
  [/^(?:thanks(?: a lot| so much)?|thank you(?: very much| so much)?|great(?: thanks)?|perfect(?: thanks)?|cheers|nice)$/, 'thanks', 'en'],
  [/^(?:(?:nej|naa|okay|ok) )?(?:bare )?(?:glem det(?: igen| bare)?|drop det|lad (?:det )?vaere|pyt(?: med det)?|det er lige ?meget)$/, 'okay', 'da'],
  [/^(?:(?:no|oh|okay|ok) )?(?:just )?(?:never ?mind(?: that)?|forget (?:it|that|about it)|leave it|drop it)$/, 'okay', 'en'],
  [/^(?:farvel|hej hej|vi ses|hav en god dag|god weekend)$/, 'goodbye', 'da'],
  [/^(?:bye|goodbye|bye bye|see you|have a nice day)$/, 'goodbye', 'en'],
  [/^(?:hvem er du|hvad er du|er du et menneske|er du en robot)$/, 'who', 'da'],
  [/^(?:who are you|what are you|are you (?:a )?(?:human|robot|bot|ai))$/, 'who', 'en'],
  [/^(?:hjaelp(?: mig)?|hvad kan (?:du|jeg)(?: goere| hjaelpe(?: mig)? med| bruge dig til| spoerge om)?|hvordan virker (?:du|det her)|kommandoer)$/, 'help', 'da'],
  [/^(?:help(?: me)?|what can (?:you|i)(?: do| help(?: me)? with| ask)?(?: for me| you)?|how (?:does this|do you) work|commands|how can you help(?: me)?)$/, 'help', 'en'],
  [/^(?:ja|ja tak|jo|nej|nej tak|okay|ok)$/, 'nothingAsked', 'da'],
  [/^(?:yes|yes please|no|no thanks|nope)$/, 'nothingAsked', 'en'],
] // prettier-ignore

/** What kind of small talk a message is, and its language where that is certain. */
export function smallTalkIn(
  text: string,
): { readonly talk: SmallTalk; readonly locale?: Locale } | undefined {
  if (text.length > 60) return undefined
  const bare = fold(text)
    .replace(/[^\p{L}\p{N}\s']/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const found = talk.find(([pattern]) => pattern.test(bare))
  return found && { talk: found[1], ...(found[2] && { locale: found[2] }) }
}

const yes =
  /^(?:ja|jo|jep|ja tak|ja da|gerne|ok|okay|goer det|goer det bare|selvfoelgelig|opret|yes|yeah|yep|yes please|sure|please do|do it|go ahead|create it)\b/
const no = /^(?:nej|nej tak|niks|no|nope|no thanks|dont|don't|not now|uden|without)\b/
const cancel =
  /^(?:(?:nej )?(?:glem det|annuller|afbryd|stop|drop det|lad (?:det )?vaere|fortryd)|(?:no )?(?:never ?mind|cancel|forget (?:it|that)|stop|leave it))\b/

export const saysYes = (text: string): boolean => yes.test(fold(text.trim()))
export const saysNo = (text: string): boolean => no.test(fold(text.trim()))
export const saysCancel = (text: string): boolean => cancel.test(fold(text.trim()))
