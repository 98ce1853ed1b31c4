/** How what is done later can fail: status and sentences of these codes in the core's table of refusals. */
export const jobErrors = {
  event_unknown: {
    status: 422,
    da: 'Ingen her kender den hændelse i den udgave, så intet fulgte på den. Slå det til eller opdater det, der sender den, og prøv igen.',
    en: 'Nobody here knows that event in that version, so nothing followed on it. Switch on or update what sends it, and try again.',
  },
  event_unreadable: {
    status: 422,
    da: 'Hændelsen {type} kunne ikke læses, så intet fulgte på den. Ret det, der sender den.',
    en: 'The event {type} could not be read, so nothing followed on it. Correct what sends it.',
  },
  job_ended: {
    status: 409,
    da: 'Jobbet er allerede afsluttet et andet sted.',
    en: 'The job has already ended elsewhere.',
  },
  job_timeout: {
    status: 504,
    da: 'Jobbet tog for lang tid og blev afbrudt. Prøv igen, eller del det i mindre stykker.',
    en: 'The job took too long and was cut off. Try again, or divide it into smaller pieces.',
  },
  job_cancelled: {
    status: 409,
    da: 'Jobbet blev annulleret.',
    en: 'The job was cancelled.',
  },
  job_abandoned: {
    status: 500,
    da: 'Det, der udførte jobbet, gik ned gang på gang. Bed driften se i loggen, og prøv så igen.',
    en: 'What ran the job went down again and again. Ask whoever runs TekUp to look at the log, then try again.',
  },
  job_output_too_large: {
    status: 422,
    da: 'Jobbet svarede med mere, end der gemmes (højst {limit}), så intet af det blev gemt. Lad det gemme sit resultat hos sig selv og svare med et id.',
    en: 'The job answered with more than is kept (at most {limit}), so nothing of it was saved. Have it keep its result itself and answer with an id.',
  },
  job_unknown: {
    status: 422,
    da: 'Ingen her kan udføre det job. Slå det til, der brugte det, eller annuller jobbet.',
    en: 'Nobody here can do that job. Switch on what used it, or cancel the job.',
  },
  job_plugin_off: {
    status: 422,
    da: '{plugin} er slået fra, så det blev ikke gjort. Slå det til, og prøv igen.',
    en: '{plugin} is switched off, so it was not done. Switch it on, and try again.',
  },
}
