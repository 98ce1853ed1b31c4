import type { Locale } from '#core'

/** What the runner itself adds to an answer, so that the answer stays honest whatever the model wrote. */
export const sentences = {
  da: {
    fellBack: (models: readonly string[], other: string | undefined) =>
      `(${listed(models, 'da')} svarer ikke lige nu, så ${other === undefined ? 'jeg svarer uden' : `${other} svarer`}.)\n\n`,
    leftMidway: (models: readonly string[]) =>
      `${listed(models, 'da')} holdt op med at svare midt i det. Det, der står som udført, er gjort; resten er ikke. Skriv igen for at gå videre.`,
    tooLong: 'Det tog for lang tid, så jeg stoppede. Det, der står som udført, er gjort; resten er ikke.',
    tooManySteps: 'Jeg stoppede efter for mange trin. Det, der står som udført, er gjort; resten er ikke.',
    tooManyCalls: (most: number) => `Jeg må højst udføre ${most} handlinger ad gangen. Det, der ikke står som udført, er ikke gjort.`, // prettier-ignore
    cutShort:
      '(Svaret blev længere, end modellen må skrive, og stopper her. Skriv “fortsæt” for at få resten.)',
    nothingChanged: 'Bemærk: Der er ikke ændret noget denne gang.',
    notAllDone: 'Bemærk: Det, der står som afvist eller fejlet, er ikke gjort.',
  },
  en: {
    fellBack: (models: readonly string[], other: string | undefined) =>
      `(${listed(models, 'en')} ${models.length > 1 ? 'do' : 'does'} not answer right now, so ${other === undefined ? `I answer without ${models.length > 1 ? 'them' : 'it'}` : `${other} answers`}.)\n\n`,
    leftMidway: (models: readonly string[]) =>
      `${listed(models, 'en')} stopped answering midway. What is listed as done is done; the rest is not. Write again to go on.`,
    tooLong: 'It took too long, so I stopped. What is listed as done is done; the rest is not.',
    tooManySteps: 'I stopped after too many steps. What is listed as done is done; the rest is not.',
    tooManyCalls: (most: number) =>
      `I may do at most ${most} things at a time. What is not listed as done is not done.`,
    cutShort: '(The answer grew longer than the model may write and stops here. Write “go on” for the rest.)',
    nothingChanged: 'Note: nothing was changed this time.',
    notAllDone: 'Note: what is listed as refused or failed is not done.',
  },
} satisfies Record<Locale, unknown>

function listed(names: readonly string[], locale: Locale): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names)
}
