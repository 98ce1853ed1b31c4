import { createReadStream } from 'node:fs'
import { expect, test } from 'vitest'
import { previewCsv } from './preview.ts'

test('a preview counts the rows, shows the first and says which would be refused', async () => {
  const preview = await previewCsv(createReadStream(new URL('fixtures/excel-dansk.csv', import.meta.url)))
  expect(preview).toMatchObject({ delimiter: ';', encoding: 'windows-1252', rowCount: 5, refusedCount: 3 })
  expect(preview.sample).toHaveLength(5)
  expect(preview.refused.map((fault) => fault.line)).toEqual([4, 5, 6])
})

test('a preview follows the mapping that is given', async () => {
  const file = createReadStream(new URL('fixtures/excel-dansk.csv', import.meta.url))
  expect(await previewCsv(file, { Kontaktperson: 'name' })).toMatchObject({ refusedCount: 0, rowCount: 5 })
})

test('a long file is judged from its first row to its last', async () => {
  const bytes = async function* (): AsyncIterable<Uint8Array> {
    yield Buffer.from('Navn;Tlf.\nSofie;12345678\n')
    for (let row = 0; row < 5000; row++) yield Buffer.from(`Person ${row};20123456\n`)
    yield Buffer.from('Peter;12345678\n')
  }
  const preview = await previewCsv(bytes())
  expect(preview).toMatchObject({ rowCount: 5002, refusedCount: 2 })
  expect(preview.refused.map((fault) => fault.line)).toEqual([2, 5003])
})

test('a file that breaks off far down is refused before anything is imported', async () => {
  const bytes = async function* (): AsyncIterable<Uint8Array> {
    yield Buffer.from('Navn;Tlf.\n')
    for (let row = 0; row < 5000; row++) yield Buffer.from(`Person ${row};20123456\n`)
    yield Buffer.from('"Peter;123')
  }
  await expect(previewCsv(bytes())).rejects.toMatchObject({ code: 'unclosed_quote', line: 5002 })
})
