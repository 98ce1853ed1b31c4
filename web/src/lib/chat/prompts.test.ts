import { expect, it } from 'vitest'
import type { Operation } from '#lib/api/types.ts'
import { promptOf, suggestPrompts } from './prompts.ts'

const operation = (name: string, effect: Operation['effect'], ...phrases: string[]): Operation => ({ name, title: name, effect, phrases }) // prettier-ignore

it('leaves a blank where the phrase takes a value', () => {
  expect(promptOf('flyt {id} til {stageId}')).toBe('Flyt … til …')
})

it('suggests the most telling phrase of each resource, reading before writing, never what deletes or is about the product itself', () => {
  const operations = [
    operation('agents.memories.list', 'read', 'vis det du skal huske om mig'),
    operation('crm.contacts.create', 'write', 'opret {name} hos {companyId}', 'opret kontakten {name}'),
    operation(
      'crm.contacts.list',
      'read',
      'vis kontakter',
      'hvem har vi ikke talt med i {lastContactBefore}',
    ),
    operation('crm.contacts.duplicates', 'read', 'har vi nogen kontakter, der står der to gange'),
    operation('crm.deals.list', 'read', 'vis {companyId} aftaler', 'vis åbne aftaler'),
    operation('crm.deals.delete', 'destroy', 'slet alle gamle aftaler'),
    operation('platform.sessions.list', 'read', 'vis alle mine sessioner'),
  ]
  expect(suggestPrompts(operations, 4)).toEqual([
    'Hvem har vi ikke talt med i …',
    'Vis åbne aftaler',
    'Opret kontakten …',
  ])
})
