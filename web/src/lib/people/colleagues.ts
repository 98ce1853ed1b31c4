import { api } from '#lib/api/client.ts'
import type { Page, Person } from '#lib/api/types.ts'

let people: Promise<Person[]> | undefined

/** The people of the company, asked for once per visit; none where they cannot be read, as a choice that is left out. */
export function loadColleagues(): Promise<Person[]> {
  people ??= api<Page<Person>>('/platform/people?limit=200').then(
    ({ items }) => items,
    () => ((people = undefined), []),
  )
  return people
}

/** After somebody has joined or left. */
export function forgetColleagues() {
  people = undefined
}
