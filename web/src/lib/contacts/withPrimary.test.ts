import { expect, it } from 'vitest'
import { withPrimary } from './withPrimary.ts'

const work = { address: 'bo@firma.example', label: 'arbejde', primary: true }
const home = { address: 'bo@hjem.example', label: 'privat', primary: false }

it('changes the primary address and keeps the others', () => {
  expect(withPrimary([home, work], 'address', 'bo@ny.example')).toEqual([
    { ...work, address: 'bo@ny.example' },
    home,
  ])
})

it('makes the next one primary when the first is taken away', () => {
  expect(withPrimary([work, home], 'address', '')).toEqual([{ ...home, primary: true }])
})

it('lists an address once when another entry already has it', () => {
  expect(withPrimary([work, home], 'address', home.address)).toEqual([{ ...work, address: home.address }])
})

it('begins a list', () => {
  expect(withPrimary<'address', typeof work>([], 'address', 'bo@ny.example')).toEqual([
    { address: 'bo@ny.example', label: null, primary: true },
  ])
})
