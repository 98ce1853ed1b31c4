import { jobsMessages } from '#lib/messages/jobs/index.ts'
import { locale } from '#lib/messages/index.ts'

export const load = () => locale.ready(jobsMessages)
