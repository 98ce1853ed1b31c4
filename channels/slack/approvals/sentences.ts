import type { Sentence } from '#core'

/** What stands on a card, and what is said to whoever presses its buttons. */
export const said = {
  approve: { da: 'Godkend', en: 'Approve' },
  edit: { da: 'Ret', en: 'Edit' },
  editTitle: { da: 'Ret og godkend', en: 'Edit and approve' },
  editSend: { da: 'Godkend det rettede', en: 'Approve with changes' },
  editLead: {
    da: 'Det, du skriver her, bliver gjort i stedet. Agenten får det at vide.',
    en: 'What you write here is done instead. The agent is told.',
  },
  editElsewhere: {
    da: 'Det her kan ikke rettes i Slack. Ret det i TekUp.',
    en: 'This cannot be changed in Slack. Change it in TekUp.',
  },
  close: { da: 'Luk', en: 'Close' },
  yes: { da: 'Ja', en: 'Yes' },
  reject: { da: 'Afvis', en: 'Reject' },
  always: { da: 'Godkend altid', en: 'Always allow' },
  open: { da: 'Åbn i TekUp', en: 'Open in TekUp' },
  seeThread: { da: 'Se, hvor der blev spurgt', en: 'See where it was asked' },
  sure: { da: 'Er du sikker?', en: 'Are you sure?' },
  back: { da: 'Fortryd', en: 'Cancel' },
  forWhom: { da: '{agent} spørger for {person}. Gælder til', en: '{agent} asks for {person}. Open until' },
  untrusted: {
    da: 'Samtalen har læst noget, som andre uden for firmaet har skrevet.',
    en: 'The conversation has read words of people outside the company.',
  },
  tooLong: {
    da: 'Der er for meget til at vise det hele her. Læs det i TekUp, før du svarer.',
    en: 'There is too much to show all of it here. Read it in TekUp before you answer.',
  },
  parked: {
    da: 'Den del af TekUp er slået fra, så det kan ikke godkendes nu.',
    en: 'That part of TekUp is switched off, so it cannot be approved now.',
  },
  becomes: { da: ' → ', en: ' → ' },
  onlyAsker: {
    da: 'Kun {person} kan godkende det her.',
    en: 'Only {person} can approve this.',
  },
  onlyPermitted: {
    da: 'Kun {person} og kolleger, der selv må gøre det, kan godkende det her.',
    en: 'Only {person}, and colleagues who may do it themselves, can approve this.',
  },
  onlyNamed: { da: 'Kun {people} kan godkende det her.', en: 'Only {people} can approve this.' },
  askedInPrivate: {
    da: '{agent} har spurgt {people} i en direkte besked.',
    en: '{agent} has asked {people} in a direct message.',
  },
  askedInTekUp: {
    da: '{agent} venter på {people}, der svarer i TekUp.',
    en: '{agent} waits for {people}, who answers in TekUp.',
  },
  notOpen: { da: 'Det venter ikke længere på svar.', en: 'This does not wait for an answer any longer.' },
} satisfies Record<string, Sentence>

/** How it ended, by the status of its record. */
export const endings = {
  approved: { da: 'Godkendt af {name}. Det bliver gjort nu.', en: 'Approved by {name}. It is being done.' },
  done: { da: 'Godkendt af {name}.', en: 'Approved by {name}.' },
  failed: { da: 'Godkendt af {name}, men ikke gjort.', en: 'Approved by {name}, but not done.' },
  rejected: { da: 'Afvist af {name}.', en: 'Rejected by {name}.' },
  void: { da: 'Det blev ikke gjort.', en: 'It was not done.' },
  expired: {
    da: 'Ingen svarede i tide. Det blev ikke gjort.',
    en: 'Nobody answered in time. It was not done.',
  },
} satisfies Record<string, Sentence>

/** "Anna", "Anna eller Mikkel", "Anna, Mikkel or Karen". */
export function anyOf(names: readonly string[], locale: 'da' | 'en'): string {
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(names)
}
