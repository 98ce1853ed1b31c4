import type { Sentence } from '../language.ts'

/** Why an approval does not hold any longer; each ends a sentence. */
export const reasons = {
  changedPlugin: { da: 'TekUp er blevet opdateret siden.', en: 'TekUp has been updated since.' },
  askerMayNot: {
    da: '{name} har ikke længere adgang til det.',
    en: '{name} may not do it any longer.',
  },
  askerLeft: {
    da: 'den, det blev gjort for, er ikke længere i firmaet.',
    en: 'the person it was done for is no longer in the company.',
  },
  deciderMayNot: {
    da: 'den, der godkendte, har ikke længere adgang til det.',
    en: 'the person who approved may not do it any longer.',
  },
  switchedOff: { da: 'den del af TekUp er slået fra.', en: 'that part of TekUp is switched off.' },
  changedRecord: {
    da: 'det, der ligger gemt, er ikke det, der blev bedt om.',
    en: 'what is stored is not what was asked for.',
  },
  changedSubject: {
    da: 'det er blevet ændret eller fjernet, siden du så det. Bed om det igen.',
    en: 'it has been changed or removed since you saw it. Ask for it again.',
  },
  placeGone: {
    da: 'samtalen, hvor der blev spurgt, er der ikke længere. Bed om det igen.',
    en: 'the conversation in which it was asked is no longer there. Ask for it again.',
  },
  tooLate: {
    da: 'det kunne ikke gøres, mens godkendelsen gjaldt.',
    en: 'it could not be done while the approval held.',
  },
} satisfies Record<string, Sentence>

/** What the conversation is told when its question is settled. */
export const settled = {
  done: { da: '{name} sagde ja. {sentence}', en: '{name} said yes. {sentence}' },
  notDone: { da: '{name} sagde ja. {sentence}', en: '{name} said yes. {sentence}' },
  changed: {
    da: '{name} rettede det ({changes}) og sagde ja. {sentence}',
    en: '{name} changed it ({changes}) and said yes. {sentence}',
  },
  rejected: { da: '{name} sagde nej: {sentence}', en: '{name} said no: {sentence}' },
  withdrawn: { da: '{name} trak det tilbage.', en: '{name} took it back.' },
} satisfies Record<string, Sentence>

/** How another person settled it, for whoever comes second. */
export const decidedBy = {
  approved: { da: '{name} har godkendt det.', en: '{name} has approved it.' },
  changed: { da: '{name} har rettet det og godkendt det.', en: '{name} has changed it and approved it.' },
  rejected: { da: '{name} har afvist det.', en: '{name} has rejected it.' },
} satisfies Record<string, Sentence>

/** A call came with the name of an approval that does not stand for it. */
export const neverOrOnce = {
  da: 'det er gjort, eller netop det blev aldrig godkendt.',
  en: 'it is done, or exactly that was never approved.',
} satisfies Sentence

export const notAlways = {
  da: 'det kan ikke altid tillades. Godkend det for denne gang.',
  en: 'it cannot be allowed always. Approve it for this time.',
} satisfies Sentence

export const notChangedAlways = {
  da: 'det, du har rettet, kan ikke altid tillades. Godkend det for denne gang.',
  en: 'what you have changed cannot be allowed always. Approve it for this time.',
} satisfies Sentence

export const notYours = {
  da: 'kun den, som agenten arbejder for, kan tillade det altid. Godkend det for denne gang.',
  en: 'only the person the agent works for can allow it always. Approve it for this time.',
} satisfies Sentence

export const tooManyWaiting = {
  da: 'der venter allerede for mange godkendelser. Svar på nogle af dem først.',
  en: 'too many approvals are waiting already. Answer some of them first.',
} satisfies Sentence
