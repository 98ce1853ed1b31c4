import type { Token } from './tokens.ts'

/**
 * What people put into a request without asking for anything by it: politeness, beginnings, "right now". Folded. They
 * cost nothing to leave out, and no name or title begins or ends with one.
 */
const danish =
  'lige|egentlig|hen|altsaa|omgaaende|straks|lige nu|nu|med det samme|i stedet|i stedet for|helt|fra nu af|fremover|for tiden|' +
  'paa det sidste|paa det seneste|indtil nu|indtil videre|endnu|tak|mange tak|venligst|vil du|kan du|kunne du|gider du|' +
  'vaer soed at|vaer rar at|jeg vil gerne|jeg vil gerne have|jeg skal bruge|foerst|ok|okay|naa|saa|hej|hallo|hurtigt|desvaerre|' +
  'maaske|vist|faktisk|bare|ogsaa|allerede|i forvejen|hvis du kan|hos os|igen|liggende|staaende|paa en gang|sammen|over|nej|ja|fint|godt|godt saa|super'
const english =
  'please|pls|plz|thanks|thank you|right now|right away|now|at once|at the moment|currently|lately|recently|instead|altogether|' +
  'completely|so far|from now on|yet|again|just|actually|really|quickly|also|already|could you|can you|would you|will you|' +
  'i would like to|i want to|i need to|i need|ok|okay|well|so|then|hi|hello|hey|first|maybe|for me|if you can|asap|along|' +
  'around here|lying around|no|yes|still|at all|fine|great|alright'

const phrases = [...new Set(`${danish}|${english}`.split('|'))].map((phrase) => phrase.split(' '))
const byFirst = Map.groupBy(phrases, ([first]) => first as string)

/** For each token, whether it is (part of) such a phrase. */
export function fillersIn(tokens: readonly Token[]): boolean[] {
  const found = tokens.map(() => false)
  tokens.forEach((token, at) => {
    for (const phrase of byFirst.get(token.word) ?? [])
      if (phrase.every((word, next) => tokens[at + next]?.word === word))
        found.fill(true, at, at + phrase.length)
  })
  return found
}
