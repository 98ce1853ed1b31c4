import { defineErrors } from '#core'

/** What the CRM refuses beyond the core's own codes. */
export const crmErrors = defineErrors('crm', {
  /** A program that means it sends `evenIfDuplicate: true`; a page asks its person first. */
  duplicate: {
    status: 409,
    da: '{name} findes allerede ({why}). Brug den, der findes, eller opret med en anden e-mail eller et andet navn.',
    en: '{name} exists already ({why}). Use the existing one, or create it with another email or name.',
  },
  unknown_stage: {
    status: 400,
    da: 'Pipelinen har ingen fase, der hedder “{stage}”. Vælg en af: {stages}.',
    en: 'The pipeline has no stage called “{stage}”. Choose one of: {stages}.',
  },
  no_such_kind_of_stage: {
    status: 409,
    da: 'Pipelinen mangler en fase for {kind, select, won {vundne} lost {tabte} other {åbne}} aftaler. Føj den til pipelinen først.',
    en: 'The pipeline has no stage for {kind, select, won {won} lost {lost} other {open}} deals. Add one to the pipeline first.',
  },
  reason_missing: {
    status: 409,
    da: 'Skriv, hvorfor aftalen blev tabt: det har firmaet valgt altid at ville vide.',
    en: 'Say why the deal was lost: the company has chosen always to want to know.',
  },
  pipeline_in_use: {
    status: 409,
    da: '{name} har {deals, plural, one {# aftale} other {# aftaler}}. Flyt dem til en anden pipeline, eller slet dem, og prøv igen.',
    en: '{name} holds {deals, plural, one {# deal} other {# deals}}. Move them to another pipeline or delete them, and try again.',
  },
  unreadable_file: {
    status: 422,
    da: '{reason}',
    en: '{reason}',
  },
  import_settled: {
    status: 409,
    da: 'Importen er {status, select, finished {færdig} cancelled {afbrudt} other {i gang}} og kan ikke ændres. Begynd en ny.',
    en: 'The import is {status, select, finished {finished} cancelled {cancelled} other {under way}} and cannot be changed. Start a new one.',
  },
})
