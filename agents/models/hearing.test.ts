import { expect, test } from 'vitest'
import { Hearing } from './hearing.ts'

function listen(): { hearing: Hearing; heard: string[] } {
  const heard: string[] = []
  return { heard, hearing: new Hearing((_, words) => heard.push(words)) }
}

test('what was told early is not told again when LangChain hands it on', () => {
  const { hearing, heard } = listen()
  hearing.early('Good ')
  hearing.early('morning')
  hearing.handedOn('Good morn')
  expect(hearing.ahead).toBe('ing')
  hearing.handedOn('ing, Anna.')
  expect(heard).toEqual(['Good ', 'morning', ', Anna.'])
  expect(hearing.ahead).toBe('')
})

test('where nobody looks into the bytes, words are told as LangChain hands them on', () => {
  const { hearing, heard } = listen()
  hearing.handedOn('Good ')
  hearing.handedOn('morning.')
  expect(heard).toEqual(['Good ', 'morning.'])
})

test('the end is told once, by whoever knows of it first', () => {
  const ends: string[] = []
  const hearing = new Hearing(
    () => undefined,
    () => ends.push('the end'),
  )
  hearing.over()
  hearing.over()
  expect(ends).toEqual(['the end'])
})
