import { defineErrors } from '#core'

/** What the agents' own operations refuse beyond the core's codes. */
export const agentErrors = defineErrors('agents', {
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
