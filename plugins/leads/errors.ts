import { defineErrors } from '#core'

/** What leads refuse beyond the core's own codes. */
export const leadErrors = defineErrors('leads', {
  already_converted: {
    status: 409,
    da: '{name} er allerede konverteret. Arbejd videre med kontakten i CRM.',
    en: '{name} has been converted already. Go on with the contact in the CRM.',
  },
  reason_needed: {
    status: 400,
    da: 'Skriv, hvorfor leadet frasorteres.',
    en: 'Say why the lead is disqualified.',
  },
  convert_instead: {
    status: 400,
    da: 'Et lead bliver kunde ved at blive konverteret. Brug Konvertér.',
    en: 'A lead becomes a customer by being converted. Use Convert.',
  },
  no_crm: {
    status: 409,
    da: 'CRM er ikke slået til, så leadet kan ikke konverteres. Bed en administrator om at slå det til.',
    en: 'The CRM is not switched on, so the lead cannot be converted. Ask an administrator to switch it on.',
  },
  field_missing: {
    status: 400,
    da: 'Udfyld feltet “{label}”.',
    en: 'Fill in the field “{label}”.',
  },
  field_wrong: {
    status: 400,
    da: 'Ret feltet “{label}”: {problem}.',
    en: 'Correct the field “{label}”: {problem}.',
  },
  consent_needed: {
    status: 400,
    da: 'Sæt kryds ved samtykket, før du sender.',
    en: 'Tick the consent before you send.',
  },
  consent_reworded: {
    status: 409,
    da: 'Teksten ved samtykket er blevet ændret, siden formularen blev åbnet. Læs den, og sæt kryds igen.',
    en: 'The wording of the consent has changed since the form was opened. Read it, and tick it again.',
  },
  rule_incomplete: {
    status: 400,
    da: 'Reglen skal sige, hvad feltet sammenlignes med.',
    en: 'The rule must say what the field is compared with.',
  },
})
