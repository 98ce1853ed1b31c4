import { formatMessage, type Locale } from '#core'

/** What the model says of its own accord, in both languages; everything else comes from the operations' words. */
const sentences = {
  hello: { da: 'Hej! Hvad kan jeg hjælpe med?', en: 'Hello! What can I help you with?' },
  thanks: { da: 'Det var så lidt.', en: 'You are welcome.' },
  goodbye: { da: 'Farvel, og god arbejdslyst.', en: 'Goodbye, and have a good day.' },
  left: { da: 'Så lader jeg det være.', en: 'Then I will leave it.' },
  okay: { da: 'Okay.', en: 'Okay.' },
  nothingAsked: {
    da: 'Jeg har ikke spurgt om noget. Hvad vil du gerne have gjort?',
    en: 'I did not ask you anything. What would you like to have done?',
  },
  who: {
    da: 'Jeg er TekUps assistent. Jeg arbejder uden nøgle og uden netværk og forstår dansk og engelsk.',
    en: "I am TekUp's assistant. I work with no key and no network, and understand Danish and English.",
  },
  abilities: { da: 'Jeg kan blandt andet:', en: 'Among other things, I can:' },
  cannot: { da: 'Det kan jeg ikke hjælpe med.', en: 'I cannot help with that.' },
  unclear: { da: 'Det forstod jeg ikke helt.', en: 'I did not quite understand that.' },
  noTools: { da: 'Jeg har ikke adgang til at gøre noget her.', en: 'I have no access to do anything here.' },
  notOffered: {
    da: 'Det har jeg ikke adgang til at gøre for dig: {title}.',
    en: 'I do not have access to do that for you: {title}.',
  },
  didYouMean: { da: 'Mener du:', en: 'Did you mean:' },
  several: { da: 'Der er flere, der passer på “{name}”:', en: 'Several match “{name}”:' },
  whichOne: { da: 'Hvilken mener du?', en: 'Which one do you mean?' },
  none: { da: 'Jeg kan ikke finde “{name}”.', en: 'I cannot find “{name}”.' },
  whichInstead: { da: 'Hvilken mener du?', en: 'Which one do you mean?' },
  offerToCreate: { da: 'Skal jeg oprette “{name}”?', en: 'Shall I create “{name}”?' },
  missing: { da: 'Hvad skal der stå i “{field}”?', en: 'What should “{field}” be?' },
  missingChange: { da: 'Hvad skal ændres?', en: 'What should be changed?' },
  failed: { da: 'Det lykkedes ikke: {message}', en: 'That did not work: {message}' },
  more: { da: '… og {count} flere.', en: '… and {count} more.' },
  moreThan: { da: 'mere end {count}', en: 'more than {count}' },
  atLeast: { da: 'mindst {count}', en: 'at least {count}' },
  evenMore: { da: 'Der er flere end dem, jeg viser her.', en: 'There are more than those shown here.' },
  nothing: { da: 'Der er ikke noget.', en: 'There is nothing.' },
  yes: { da: 'ja', en: 'yes' },
  no: { da: 'nej', en: 'no' },
} as const satisfies Record<string, Readonly<Record<Locale, string>>>

export type SentenceName = keyof typeof sentences

export const say = (
  name: SentenceName,
  locale: Locale,
  values: Readonly<Record<string, unknown>> = {},
): string => formatMessage(sentences[name][locale], locale, values)
