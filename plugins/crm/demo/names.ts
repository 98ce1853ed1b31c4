import type { Chance } from '#core'
import { parseCvr } from '../values/cvr.ts'
import { foldExpanded } from '../values/fold.ts'

/** Names, numbers and places as they are met in Denmark; every one is made up. */

const firstNames = (
  'Anne Mette Lars Kirsten Jens Hanne Michael Camilla Thomas Helle Henrik Susanne Martin Lone Niels Maria Jørgen ' +
  'Lene Søren Inge Christian Marianne Jesper Pia Rasmus Charlotte Kim Gitte Erik Karen Bjørn Mads Ida Emil Freja ' +
  'Oscar Alma Carl Ella Clara Karla Oliver Agnes Frederik Lærke Malthe Sigrid Åse Trine Jakob Louise Anders Tina'
).split(' ')

const lastNames = (
  'Sørensen Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Rasmussen Jørgensen Madsen Kristensen Olsen ' +
  'Thomsen Poulsen Johansen Møller Mortensen Knudsen Dahl Friis Bach Vestergaard Lassen Schmidt Winther Bruun Toft ' +
  'Krogh Holst Juhl Frandsen Laursen Jeppesen Mikkelsen Simonsen Clausen Bendtsen Bisgaard Nygaard Damgaard Kjær ' +
  'Østergaard Aagaard Bæk'
).split(' ')

const streets = (
  'Algade Havnegade Nørregade Søndergade Vestergade Østergade Kirkevej Skolegade Jernbanegade Industrivej Torvet ' +
  'Bredgade Strandvejen Møllevej Stationsvej Lindevej Birkevej Fabriksvej'
).split(' ')

const towns = [
  ['8000', 'Aarhus C'],
  ['8200', 'Aarhus N'],
  ['8260', 'Viby J'],
  ['8270', 'Højbjerg'],
  ['8600', 'Silkeborg'],
  ['8660', 'Skanderborg'],
  ['8700', 'Horsens'],
  ['8900', 'Randers C'],
  ['8300', 'Odder'],
  ['8400', 'Ebeltoft'],
  ['7100', 'Vejle'],
  ['8450', 'Hammel'],
] as const

/** A full name that has not been given before. */
export function newPersonName(chance: Chance, taken: Set<string>): string {
  for (;;) {
    const name = `${chance.pick(firstNames)} ${chance.pick(lastNames)}`
    if (taken.has(name)) continue
    taken.add(name)
    return name
  }
}

export const lastName = (chance: Chance): string => chance.pick(lastNames)

export function postalAddress(chance: Chance) {
  const [postcode, city] = chance.pick(towns)
  return { address: `${chance.pick(streets)} ${chance.between(1, 120)}`, postcode, city }
}

/** E.164, from the ranges of Danish mobile numbers. */
export const mobileNumber = (chance: Chance): string =>
  `+45${chance.pick(['20', '22', '23', '26', '28', '30', '40', '42', '51', '53'])}${String(chance.between(0, 999_999)).padStart(6, '0')}`

/** Eight digits whose check digit fits (modulus 11). */
export function cvrNumber(chance: Chance, taken: Set<string>): string {
  for (;;) {
    const cvr = parseCvr(String(chance.between(25_000_000, 44_999_999)))
    if (cvr === undefined || taken.has(cvr)) continue
    taken.add(cvr)
    return cvr
  }
}

/** "Møller & Dahl Revision" → "moeller-dahl-revision.example". */
export const domainFor = (name: string): string =>
  `${foldExpanded(name)
    .replace(/ (aps|a\/s|i\/s)$/, '')
    .replace(/[^a-z0-9]+/g, '-')}.example`

export const addressAt = (person: string, domain: string): string =>
  `${foldExpanded(person)
    .split(' ')[0]!
    .replace(/[^a-z]/g, '')}.${foldExpanded(person)
    .split(' ')
    .at(-1)!
    .replace(/[^a-z]/g, '')}@${domain}`
