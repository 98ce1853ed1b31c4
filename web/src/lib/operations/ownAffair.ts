import type { Operation } from '#lib/api/types.ts'

/** What is about the platform and its agents, and not about the company's own work. */
export const isOwnAffair = ({ name }: Operation): boolean => /^(platform|agents)\./.test(name)
