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
  server_busy: {
    status: 409,
    da: '{name} svarer allerede på andre kald. Prøv igen om lidt.',
    en: '{name} is answering other calls already. Try again shortly.',
  },
  server_failed: {
    status: 409,
    da: '{name} svarede ikke, som en MCP-server skal. Se efter, at adressen og nøglen passer, eller prøv igen senere.',
    en: '{name} did not answer as an MCP server does. See that the address and the key are right, or try again later.',
  },
  server_resting: {
    status: 409,
    da: '{name} har svigtet flere gange i træk og bliver ikke kaldt det næste minut. Prøv igen senere.',
    en: '{name} has failed several times in a row and is not called for the next minute. Try again later.',
  },
  servers_full: {
    status: 409,
    da: 'Der er allerede {most} servere. Fjern en af dem først.',
    en: 'There are {most} servers already. Remove one of them first.',
  },
  tool_changed: {
    status: 409,
    da: 'Værktøjet er ændret, slået fra eller fjernet. En administrator skal godkende det, før det kan bruges.',
    en: 'The tool was changed, switched off or removed. An administrator must approve it before it can be used.',
  },
  tools_full: {
    status: 409,
    da: '{name} har flere end {most} værktøjer. Vælg en server med færre.',
    en: '{name} has more than {most} tools. Choose a server with fewer.',
  },
  models_full: {
    status: 409,
    da: 'Der er allerede {most} sprogmodeller. Fjern en af dem først.',
    en: 'There are {most} language models already. Remove one of them first.',
  },
})
