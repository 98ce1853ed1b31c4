import { defineErrors } from '#core'

/** What the agents' own operations refuse beyond the core's codes. */
export const agentErrors = defineErrors('agents', {
  default_stays: {
    status: 409,
    da: 'Den agent svarer, hvor ingen anden er valgt, og kan ikke slettes. Vælg en anden til det først.',
    en: 'That agent answers where no other was chosen and cannot be deleted. Choose another one for that first.',
  },
  memory_full: {
    status: 409,
    da: 'Der er allerede {most} ting at huske. Slet en af dem først.',
    en: 'There are {most} things to remember already. Delete one of them first.',
  },
  models_full: {
    status: 409,
    da: 'Der er allerede {most} sprogmodeller. Fjern en af dem først.',
    en: 'There are {most} language models already. Remove one of them first.',
  },
})
