import { expect, test } from 'vitest'
import { eventReference } from '#core'
import { plugins } from '#plugins'

test('The page of events says what the plugins tell of, and who follows it', async () => {
  await expect(eventReference(plugins)).toMatchFileSnapshot('../docs/events.md')
})

test('Whoever follows an event follows one that somebody tells of, in a version that there is', () => {
  const told = new Set(
    plugins.flatMap(({ events = [] }) => events.map(({ name, version }) => `${name} ${version}`)),
  )
  const followed = plugins.flatMap(({ subscriptions = [] }) =>
    subscriptions.map(({ on, version }) => `${on} ${version}`),
  )
  expect(followed.filter((event) => !told.has(event))).toEqual([])
})
