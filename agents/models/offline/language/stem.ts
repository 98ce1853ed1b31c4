/**
 * The stem of a folded Danish or English word, so that inflections meet: "aftalerne", "aftalen" and "aftaler" are one,
 * "companies" and "company" are one. Light on purpose: one list of endings, longest first, and a stem of three letters.
 */
export function stem(word: string): string {
  const irregular = irregulars[word]
  if (irregular) return irregular
  if (word.length < 4 || /\d/.test(word)) return word
  if (abstract.test(word)) return word.replace(abstract, 'hed')
  const ending = endings.find(
    (each) => word.endsWith(each) && word.length - each.length >= (each === 'et' || each === 'te' ? 4 : 3),
  )
  const cut = ending ? word.slice(0, -ending.length) : word
  return withoutDouble(ending === 'ies' ? `${cut}i` : cut)
    .replace(/y$/, 'i')
    .replace(/(?<=..)el$/, 'l')
}

/** "mulighed", "muligheder": the ending that makes nouns is no inflection. */
const abstract = /(?<=..)hed(?:en|ens|er|erne|ernes)?$/

const endings = [
  'ernes', 'erne', 'erens', 'endes', 'ings', 'ende', 'eren', 'eret', 'erer', 'eres', 'enes', 'edes', 'ingen',
  'ers', 'ets', 'ede', 'ing', 'ens', 'ene', 'ies', 'est', 'ere', 'er', 'en', 'et', 'es', 'ed', 'te', "'s", 'e', 's',
] // prettier-ignore

const withoutDouble = (text: string): string =>
  text.length > 3 && text.at(-1) === text.at(-2) && !'aeiou'.includes(text.at(-1) as string)
    ? text.slice(0, -1)
    : text

/** Words whose inflections share no stem, or whose stem would fall together with another word's. */
const irregulars: Readonly<Record<string, string>> = {
  companies: 'compani',
  company: 'compani',
  firma: 'firm',
  firmaet: 'firm',
  firmaer: 'firm',
  firmaerne: 'firm',
  firmaets: 'firm',
  firms: 'firm',
  talte: 'tal',
  talt: 'tal',
  taler: 'tal',
  tale: 'tal',
  snakket: 'snak',
  spoke: 'speak',
  spoken: 'speak',
  talked: 'talk',
  talking: 'talk',
  mødte: 'moed',
  moedte: 'moed',
  moedtes: 'moed',
  met: 'meet',
  meeting: 'meeting',
  meetings: 'meeting',
  vandt: 'vund',
  vundet: 'vund',
  vinde: 'vund',
  vinder: 'vund',
  won: 'win',
  wins: 'win',
  lost: 'lose',
  losing: 'lose',
  tabte: 'tab',
  tabt: 'tab',
  written: 'write',
  wrote: 'write',
  skrev: 'skriv',
  skrevet: 'skriv',
  skriv: 'skriv',
  gjorde: 'goer',
  gjort: 'goer',
  people: 'person',
  persons: 'person',
  due: 'due',
  note: 'note',
  noter: 'note',
  noten: 'note',
  noterne: 'note',
  notes: 'note',
  noteer: 'note',
  noteerr: 'note',
  notere: 'noter',
  done: 'done',
  new: 'new',
  sent: 'sent',
  sendt: 'sendt',
}
