import { expect, test } from 'vitest'
import { isSlackSocket } from './address.ts'

const slack = { SLACK_API_URL: undefined }

test('a socket is Slack’s own, over TLS, or of what the operator has put in its place', () => {
  expect(isSlackSocket('wss://wss-primary.slack.com/link/?ticket=1', slack)).toBe(true)
  expect(isSlackSocket('ws://wss-primary.slack.com/link/', slack)).toBe(false)
  expect(isSlackSocket('wss://slack.com.thief.example/', slack)).toBe(false)
  expect(isSlackSocket('wss://slack.com@thief.example/', slack)).toBe(false)
  expect(isSlackSocket(undefined, slack)).toBe(false)
  const operator = { SLACK_API_URL: 'http://127.0.0.1:4000/api/' }
  expect(isSlackSocket('ws://127.0.0.1:4000/link', operator)).toBe(true)
  expect(isSlackSocket('wss://wss-primary.slack.com/', operator)).toBe(true)
  expect(isSlackSocket('wss://thief.example/', operator)).toBe(false)
})
