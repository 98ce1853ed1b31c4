import { expect, test } from 'vitest'
import { holds, type Condition, type Judged } from './condition.ts'

const lead: Judged = {
  email: 'bente@havneby.example',
  phone: null,
  companyName: 'Havneby Tandklinik',
  title: 'Klinikchef',
  city: 'Aarhus C',
  message: 'Vi vil gerne have et tilbud på daglig rengøring',
  sourceName: 'Hjemmesiden',
  score: 40,
}

test.each<[Condition, boolean]>([
  [{ field: 'phone', operator: 'isKnown' }, false],
  [{ field: 'phone', operator: 'isUnknown' }, true],
  [{ field: 'city', operator: 'is', value: 'aarhus c, Odense' }, true],
  [{ field: 'city', operator: 'is', value: 'Aarhus' }, false],
  [{ field: 'title', operator: 'contains', value: 'chef, direktør' }, true],
  [{ field: 'message', operator: 'contains', value: 'TILBUD' }, true],
  [{ field: 'source', operator: 'is', value: 'hjemmesiden' }, true],
  [{ field: 'score', operator: 'atLeast', value: '40' }, true],
  [{ field: 'score', operator: 'atLeast', value: '41' }, false],
  [{ field: 'email', operator: 'isWorkEmail' }, true],
  [{ field: 'message', operator: 'contains', value: ' , ' }, false],
])('%j is %s', (condition, expected) => {
  expect(holds(condition, lead)).toBe(expected)
})

test('an address of a provider that serves everybody says nothing of where somebody works', () => {
  expect(holds({ field: 'email', operator: 'isWorkEmail' }, { ...lead, email: 'bente@gmail.com' })).toBe(
    false,
  )
  expect(holds({ field: 'email', operator: 'isWorkEmail' }, { ...lead, email: null })).toBe(false)
})
