import type { Sentence } from '#core'

export const said = {
  stopped: { da: 'Stoppet.', en: 'Stopped.' },
  removed: { da: 'Stoppet: spørgsmålet blev slettet.', en: 'Stopped: the question was deleted.' },
  changed: {
    da: 'Spørgsmålet blev ændret; svaret følger.',
    en: 'The question was changed; the answer follows.',
  },
  superseded: {
    da: 'Spørgsmålet er ændret siden. Det nye svar står længere nede.',
    en: 'The question was changed since. The new answer is further down.',
  },
  doneBefore: { da: 'Gjort forinden:', en: 'Done before that:' },
  onlyOwn: {
    da: 'Kun den, der spurgte, kan stoppe svaret.',
    en: 'Only the person who asked can stop the answer.',
  },
  leftOut: {
    da: '(Filen er længere; resten er ikke læst.)',
    en: '(The file is longer; the rest was not read.)',
  },
} satisfies Record<string, Sentence>
