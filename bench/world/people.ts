import { Readable } from 'node:stream'
import type { IncomingFile } from '#core'

const firstNames = ['Søren', 'Sofie', 'Peter', 'Laura', 'Åse', 'Jørgen', 'Mette', 'Lars', 'Kirsten', 'Ole']
const lastNames = [
  'Sørensen',
  'Lund',
  'Holm',
  'Nørgaard',
  'Ålgård',
  'Kjær',
  'Møller',
  'Jensen',
  'Dahl',
  'Bæk',
]
const cities = ['Aarhus', 'Odense', 'Aalborg', 'Esbjerg', 'Randers']

export interface Person {
  readonly name: string
  readonly title: string
  readonly email: string
  /** E.164. */
  readonly phone: string
  readonly city: string
}

/** So many people, each with an address of their own, in batches. */
export function* people(count: number, batch: number): Generator<Person[]> {
  for (let from = 0; from < count; from += batch) {
    const size = Math.min(batch, count - from)
    yield Array.from({ length: size }, (_, index) => personAt(from + index))
  }
}

function personAt(index: number): Person {
  const name = `${pick(firstNames, index)} ${pick(lastNames, Math.floor(index / 10))} ${wordOf(index)}`
  const email = `person${index}@kunde.example`
  return { name, title: 'Indkøber', email, phone: `+45${20_000_000 + index}`, city: pick(cities, index) }
}

const pick = (values: readonly string[], index: number): string => values[index % values.length]!

/** A last name of its own for every hundredth. */
const wordOf = (index: number): string =>
  `${pick(lastNames, Math.floor(index / 100))}${String.fromCharCode(97 + (Math.floor(index / 1_000) % 26))}`

/** The people as a file that Excel in Danish saves: semicolons, made while it is read. */
export function csvFile(count: number): IncomingFile {
  const stream = (): AsyncIterable<Uint8Array> => Readable.from(lines(count))
  return { name: 'kunder.csv', mediaType: 'text/csv', size: count * 80, stream }
}

function* lines(count: number): Generator<Uint8Array> {
  yield Buffer.from('Navn;Titel;E-mail;Mobil;By\r\n')
  for (const batch of people(count, 500)) {
    const text = batch.map(({ name, title, email, phone, city }) => [
      name,
      title,
      email,
      phone.slice(3),
      city,
    ])
    yield Buffer.from(text.map((cells) => `${cells.join(';')}\r\n`).join(''))
  }
}
