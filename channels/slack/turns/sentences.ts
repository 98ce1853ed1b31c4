import type { Sentence } from '#core'

export const said = {
  stopped: { da: 'Stoppet.', en: 'Stopped.' },
  removed: { da: 'Stoppet: spørgsmålet blev slettet.', en: 'Stopped: the question was deleted.' },
  changed: {
    da: 'Spørgsmålet blev ændret; svaret følger.',
    en: 'The question was changed; the answer follows.',
  },
  onlyOwn: {
    da: 'Kun den, der spurgte, kan stoppe svaret.',
    en: 'Only the person who asked can stop the answer.',
  },
  unreadable: {
    da: '(Filen er ikke læst: her læses tekst og CSV på højst {limit}.)',
    en: '(The file was not read: text and CSV of at most {limit} are read here.)',
  },
} satisfies Record<string, Sentence>
