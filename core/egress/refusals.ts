import { fault, type Fault } from '../errors.ts'
import type { Sentence } from '../language.ts'

/** Why an address is not called. */
const reasons = {
  scheme: { da: 'kun http og https bruges.', en: 'only http and https are used.' },
  credentials: { da: 'adressen må ikke rumme navn og adgangskode.', en: 'the address must not hold a name and a password.' }, // prettier-ignore
  host: { da: 'værten er ikke den, der er valgt.', en: 'it is not the host that was chosen.' },
  private: {
    da: 'adressen er ikke på det åbne internet. Den, der driver TekUp, kan tillade værten med EGRESS_ALLOW.',
    en: 'the address is not on the open Internet. Whoever runs TekUp can allow the host with EGRESS_ALLOW.',
  },
  plain: {
    da: 'forbindelsen er ikke krypteret. Brug https.',
    en: 'the connection is not encrypted. Use https.',
  },
  unnamed: {
    da: 'den, der driver TekUp, har kun åbnet for bestemte værter.',
    en: 'whoever runs TekUp has opened for certain hosts only.',
  },
  redirect: {
    da: 'værten henviser til en anden adresse. Skriv den endelige adresse.',
    en: 'the host points to another address. Write the final address.',
  },
  size: { da: 'svaret er for stort.', en: 'the answer is too large.' },
  time: { da: 'svaret tog for lang tid.', en: 'the answer took too long.' },
} satisfies Record<string, Sentence>

export type EgressReason = keyof typeof reasons

/** The refusal of one outbound call, as a person reads it. */
export const egressRefused = (host: string, reason: EgressReason): Fault =>
  fault('egress_refused', { host, reason: reasons[reason] })
