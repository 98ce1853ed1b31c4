import type { Sentence } from '../language.ts'

/** What the conversation itself says, when no agent can. */
export const interrupted: Sentence = {
  da: 'Jeg blev afbrudt, før jeg var færdig. Det, der står som udført, er gjort; spørg igen om resten.',
  en: 'I was interrupted before I had finished. What is listed as done is done; ask again for the rest.',
}

export const stopped: Sentence = {
  da: 'Stoppet, før jeg var færdig.',
  en: 'Stopped before I had finished.',
}

/** What would be done stands on the card beside it, and is not said twice. */
export const sayYesHere: Sentence = {
  da: 'Det skal et menneske godkende først. Sig ja eller nej på kortet.',
  en: 'A person has to approve this first. Say yes or no on the card.',
}
