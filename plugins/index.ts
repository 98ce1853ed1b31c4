import { crm } from '#plugins/crm'
import { leads } from '#plugins/leads'

/** The domains of this installation. Take a line out and everything of that domain is gone. */
export const plugins = [crm, leads]
