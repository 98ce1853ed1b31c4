import { fail } from '../errors.ts'
import { sentence, type Sentence } from '../language.ts'

/** What is wrong with a definition, in both languages; nothing where it is right. */
export type Problem = Sentence | undefined

const filled =
  (words: Sentence, ...names: readonly string[]) =>
  (...values: readonly string[]): Sentence => {
    const given = Object.fromEntries(names.map((name, place) => [name, values[place]]))
    return { da: sentence(words, 'da', given), en: sentence(words, 'en', given) }
  }

export const problems = {
  unknownEvent: filled(
    {
      da: 'hændelsen {event} findes ikke. Find en med platform.events.list.',
      en: 'there is no event {event}. Find one with platform.events.list.',
    },
    'event',
  ),
  unknownField: filled(
    {
      da: 'hændelsen har ikke feltet {field}. Den har {fields}.',
      en: 'the event has no field {field}. It has {fields}.',
    },
    'field',
    'fields',
  ),
  needsNothing: filled(
    { da: '{field} skal ikke sammenlignes med noget her.', en: '{field} is compared with nothing here.' },
    'field',
  ),
  needsValue: filled(
    { da: '{field} mangler det, det sammenlignes med.', en: '{field} lacks what it is compared with.' },
    'field',
  ),
  needsList: filled(
    { da: '{field} skal sammenlignes med en liste.', en: '{field} must be compared with a list.' },
    'field',
  ),
  needsOne: filled(
    {
      da: '{field} skal sammenlignes med én ting, ikke en liste.',
      en: '{field} must be compared with one thing, not a list.',
    },
    'field',
  ),
  hasNoOrder: filled(
    {
      da: '{field} er hverken et tal, en dag eller et tidspunkt, så intet er større eller mindre.',
      en: '{field} is no number, day or time, so nothing is greater or less.',
    },
    'field',
  ),
  containsNothing: filled(
    {
      da: '{field} er hverken tekst eller en liste, så det indeholder ikke noget.',
      en: '{field} is neither text nor a list, so it contains nothing.',
    },
    'field',
  ),
  isList: filled(
    {
      da: '{field} er en liste. Spørg, om den indeholder noget.',
      en: '{field} is a list. Ask whether it contains something.',
    },
    'field',
  ),
  notAmong: filled(
    {
      da: '{field} kan ikke være {value}. Vælg {values}.',
      en: '{field} cannot be {value}. Choose {values}.',
    },
    'field',
    'value',
    'values',
  ),
  wrongValue: filled(
    { da: '{field} kan ikke være {value}.', en: '{field} cannot be {value}.' },
    'field',
    'value',
  ),
  unknownOperation: filled(
    {
      da: 'handlingen {operation} findes ikke her.',
      en: 'there is no operation {operation} here.',
    },
    'operation',
  ),
  onlyReads: filled(
    {
      da: '{operation} ændrer ikke noget, så der ville ikke ske noget.',
      en: '{operation} changes nothing, so nothing would happen.',
    },
    'operation',
  ),
  onlyPeople: filled(
    {
      da: '{operation} skal et menneske selv gøre.',
      en: '{operation} is for a person to do themselves.',
    },
    'operation',
  ),
  unknownReference: filled(
    {
      da: '{field}: {reference} står ikke for noget. Skriv payload. og et felt ({fields}), event.id, event.at eller event.day.',
      en: '{field}: {reference} stands for nothing. Write payload. and a field ({fields}), event.id, event.at or event.day.',
    },
    'field',
    'reference',
    'fields',
  ),
  wrongKind: filled(
    {
      da: '{field} kan ikke tages fra {reference}, som er noget andet.',
      en: '{field} cannot be taken from {reference}, which is another kind of thing.',
    },
    'field',
    'reference',
  ),
  withField: filled({ da: '{field}: {problem}.', en: '{field}: {problem}.' }, 'field', 'problem'),
}

/** Refuses a definition with what is wrong with it. */
export function refuseDefinition(problem: Sentence): never {
  fail('automation_invalid', { problem })
}
