import { expect, test } from 'vitest'
import { channels as agentChannels } from '../agents/definitions/definition.ts'
import { askings } from '../core/automations/definition.ts'
import { roles } from '../core/identity/roles.ts'
import { publicFieldKinds } from '../core/operations/publicForm.ts'
import { standardFields } from '../plugins/leads/forms/fields.ts'
import { Guard } from '../plugins/leads/forms/form.ts'
import { submitForm } from '../plugins/leads/forms/submit.ts'
import { LeadStatus } from '../plugins/leads/leads/status.ts'
import { ConditionField, ConditionOperator } from '../plugins/leads/scoring/condition.ts'
import { Channel } from '../plugins/leads/sources/source.ts'
import { agentChannels as agentChannelsShown } from '../web/src/lib/api/types/agents.ts'
import { askings as askingsShown } from '../web/src/lib/api/types/automations.ts'
import { roles as rolesShown } from '../web/src/lib/api/types/platform.ts'
import { newDraft, ownNames } from '../web/src/lib/leadSettings/formInput.ts'
import { channels, fieldKinds, guards, ruleFields, ruleOperators } from '../web/src/lib/leadSettings/types.ts'
import { leadStatuses } from '../web/src/lib/leads/lead.ts'

/* The page takes no code from the server, so what it lets people choose from stands there again. */

test.each<[string, readonly string[], readonly string[]]>([
  ['where agents answer', agentChannelsShown, agentChannels],
  ['what automations ask of a field', askingsShown, askings],
  ['roles', rolesShown, roles],
  ['kinds of fields', fieldKinds, publicFieldKinds],
  ['how forms are guarded', guards, Guard.options],
  ['keys that no field of a form may have', ownNames, Object.keys(submitForm.input.shape)],
  ['states of a lead', leadStatuses, LeadStatus.options],
  ['fields of a lead that rules look at', ruleFields, ConditionField.options],
  ['what rules ask of them', ruleOperators, ConditionOperator.options],
  ['where leads come from', channels, Channel.options],
])('the page offers what the server takes: %s', (_, shown, taken) => {
  expect(shown.toSorted()).toEqual(taken.toSorted())
})

test('a new form asks for the same in the page as it does where nobody says what', () => {
  expect(newDraft('da', (key) => standardFields.find((field) => field.key === key)!.label).fields).toEqual(
    standardFields,
  )
})
