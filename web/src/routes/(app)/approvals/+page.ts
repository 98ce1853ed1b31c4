import { approvalsMessages } from '#lib/messages/approvals/index.ts'
import { locale } from '#lib/messages/index.ts'

export const load = () => locale.ready(approvalsMessages)
