import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineDiff } from './lineDiff.ts'

describe('the difference of two texts', () => {
  it('shows what was taken out and what came instead, between the lines that stay', () => {
    expect(lineDiff('Svar kort.\nVær venlig.', 'Svar kort.\nSkriv på dansk.\nVær venlig.')).toEqual([
      { kind: 'same', text: 'Svar kort.' },
      { kind: 'added', text: 'Skriv på dansk.' },
      { kind: 'same', text: 'Vær venlig.' },
    ])
    expect(lineDiff('', 'Ny')).toEqual([{ kind: 'added', text: 'Ny' }])
  })

  it('gives back both texts, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }).map((lines) => lines.join('\n')) // prettier-ignore
    fc.assert(
      fc.property(text, text, (before, after) => {
        const without = (kind: string) =>
          lineDiff(before, after).filter((line) => line.kind !== kind).map((line) => line.text).join('\n') // prettier-ignore
        expect([without('added'), without('removed')]).toEqual([before, after])
      }),
    )
  })
})
