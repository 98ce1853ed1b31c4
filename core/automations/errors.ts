/** How automations can fail: status and sentences of these codes in the core's table of refusals. */
export const automationErrors = {
  automation_invalid: {
    status: 422,
    da: 'Automatiseringen passer ikke sammen: {problem}',
    en: 'The automation does not hold together: {problem}',
  },
  automation_changed: {
    status: 409,
    da: 'Automatiseringen er ændret, siden du så den. Se på den igen, før du godkender.',
    en: 'The automation has been changed since you saw it. Look at it again before you approve.',
  },
  automation_sinks: {
    status: 422,
    da: 'Hændelsen bestemmer, hvor det går hen ({fields}). Tag stilling til hvert felt, før du godkender.',
    en: 'The event decides where it goes ({fields}). Accept each of those fields before you approve.',
  },
  automation_off: {
    status: 409,
    da: 'Automatiseringen er slået fra, så det blev ikke gjort. Slå den til, hvis det skal ske fremover.',
    en: 'The automation is switched off, so it was not done. Switch it on if it is to be done from now on.',
  },
  automations_stopped: {
    status: 409,
    da: 'Alle automatiseringer er stoppet, så det blev ikke gjort. Start dem igen under Automatiseringer.',
    en: 'All automations are stopped, so it was not done. Start them again under Automations.',
  },
  automation_void: {
    status: 409,
    da: 'Automatiseringen gælder ikke længere, så den er slået fra: {reason} Se på den, og godkend den igen.',
    en: 'The automation no longer holds, so it is switched off: {reason} Look at it, and approve it again.',
  },
  automation_loop: {
    status: 409,
    da: 'Automatiseringen havde selv sat det i gang, så den gjorde det ikke igen. Ret betingelserne, hvis det skal ske.',
    en: 'The automation had set this going itself, so it did not do it again. Change its conditions if it should.',
  },
  automation_too_deep: {
    status: 409,
    da: 'For mange automatiseringer fulgte efter hinanden, så kæden blev stoppet her. Lad færre følge af hinanden.',
    en: 'Too many automations followed on each other, so the chain was stopped here. Let fewer follow from one another.',
  },
  automation_too_often: {
    status: 429,
    da: 'Automatiseringen skulle være udført oftere end tilladt på en time, så den er slået fra. Ret den, eller tillad flere, og godkend den igen.',
    en: 'The automation was to run more often in an hour than it may, so it is switched off. Correct it, or allow more, and approve it again.',
  },
} as const
