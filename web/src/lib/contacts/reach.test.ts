import { expect, it } from 'vitest'
import { emailsOf, phonesOf, reachOf } from './reach.ts'

const work = { address: 'bo@firma.example', label: 'arbejde', primary: true }
const home = { address: 'bo@hjem.example', label: null, primary: false }

it('begins with the primary one, and comes back as it was', () => {
  expect(reachOf([home, work])).toEqual([
    { value: work.address, label: 'arbejde' },
    { value: home.address, label: '' },
  ])
  expect(emailsOf(reachOf([home, work]))).toEqual([work, home])
})

it('makes the next one primary when the first is emptied', () => {
  const lines = reachOf([work, home])
  lines[0]!.value = ' '
  expect(emailsOf(lines)).toEqual([{ ...home, primary: true }])
})

it('offers a line where there is none, which alone says nothing', () => {
  expect(phonesOf(reachOf([]))).toEqual([])
})
