import { describe, expect, it } from 'vitest'
import { loginAddress, returnAddress } from './returnTo.ts'

describe('sign-in', () => {
  it('returns to the page that was asked for', () => {
    const address = loginAddress({ pathname: '/contacts', search: '?q=bo&sort=-name' })
    expect(returnAddress(new URL(address, 'http://own').searchParams.get('next'))).toBe(
      '/contacts?q=bo&sort=-name',
    )
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/login',
    null,
  ])('does not return to %j', (next) => {
    expect(returnAddress(next)).toBe('/')
  })
})
