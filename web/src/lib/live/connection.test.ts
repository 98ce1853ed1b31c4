import { expect, test } from 'vitest'
import { backOff, socketAddress } from './connection.ts'

test('each try waits longer than the one before, up to half a minute, and nobody comes with everybody else', () => {
  expect([1, 2, 3, 10].map((failures) => backOff(failures, () => 1))).toEqual([2_000, 4_000, 8_000, 30_000])
  expect(backOff(3, () => 0)).toBe(500)
  expect(new Set(Array.from({ length: 20 }, () => backOff(5))).size).toBeGreaterThan(10)
})

test('live updates come the way that the page came', () => {
  expect(socketAddress({ protocol: 'https:', host: 'tekup.example' })).toBe(
    'wss://tekup.example/api/v1/realtime',
  )
  expect(socketAddress({ protocol: 'http:', host: 'localhost:3000' })).toBe(
    'ws://localhost:3000/api/v1/realtime',
  )
})
