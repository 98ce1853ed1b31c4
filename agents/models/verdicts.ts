import type { Sentence } from '#core'
import { faultKinds } from './vendorFault.ts'

export const verdicts = ['answered', 'empty', ...faultKinds] as const

/** What the test of a model came to. */
export type ModelVerdict = (typeof verdicts)[number]

/** The same as one sentence, with what to do about it. None repeats a word of the vendor's: it could hold the key. */
export const verdictSentences: Readonly<Record<ModelVerdict, Sentence>> = {
  answered: { da: '{name} svarede.', en: '{name} answered.' },
  empty: {
    da: '{name} svarede uden ord. Vælg en anden model.',
    en: '{name} answered without words. Choose another model.',
  },
  wrong_key: {
    da: '{name} afviste nøglen. Indsæt nøglen igen.',
    en: '{name} refused the key. Paste the key again.',
  },
  forbidden: {
    da: '{name} kender nøglen, men den må ikke bruge modellen. Ret nøglens adgang hos leverandøren.',
    en: '{name} knows the key, but it may not use the model. Change what the key may do at the vendor.',
  },
  no_such_model: {
    da: '{name} kender ingen model ved navn {model}. Ret navnet.',
    en: '{name} knows no model called {model}. Correct the name.',
  },
  no_tools: {
    da: '{model} kan ikke kalde værktøjer, og det skal en agent kunne. Vælg en anden model.',
    en: '{model} cannot call tools, which an agent must. Choose another model.',
  },
  quota: {
    da: '{name} siger, at kontoen er brugt op. Fyld den op hos leverandøren.',
    en: '{name} says that the account is used up. Fill it up at the vendor.',
  },
  rate_limited: {
    da: '{name} får for mange kald lige nu. Prøv igen om lidt.',
    en: '{name} gets too many calls right now. Try again shortly.',
  },
  overloaded: {
    da: '{name} har selv problemer lige nu. Prøv igen om lidt.',
    en: '{name} has trouble of its own right now. Try again shortly.',
  },
  refused: {
    da: '{name} forstod ikke kaldet. Ret adressen, modellen eller versionen.',
    en: '{name} did not understand the call. Correct the address, the model or the version.',
  },
  too_long: {
    da: '{model} kan læse for lidt ad gangen. Vælg en større model.',
    en: '{model} can read too little at a time. Choose a larger model.',
  },
  blocked: {
    da: '{name} holdt svaret tilbage af hensyn til sit indhold. Ret indholdsfiltret hos leverandøren.',
    en: '{name} withheld the answer because of its content. Change the content filter at the vendor.',
  },
  malformed: {
    da: '{name} svarede noget, der ikke kan læses. Ret adressen, eller vælg en anden model.',
    en: '{name} answered something that cannot be read. Correct the address, or choose another model.',
  },
  silent: {
    da: '{name} svarede ikke i tide. Prøv igen, eller vælg en hurtigere model.',
    en: '{name} did not answer in time. Try again, or choose a faster model.',
  },
  broke_off: {
    da: '{name} brød af midt i svaret. Prøv igen.',
    en: '{name} broke off in the middle of its answer. Try again.',
  },
  unreachable: {
    da: '{host} kan ikke nås. Ret adressen, og se, at tjenesten kører.',
    en: '{host} cannot be reached. Correct the address, and see that the service runs.',
  },
  not_allowed: { da: '{refusal}', en: '{refusal}' },
}
