/** What a new field is kept under, made of what people call it: “Antal m²” → `antalM2`; never one that is taken. */
export function keyOf(label: string, taken: readonly string[]): string {
  const plain = label.toLowerCase().replaceAll('æ', 'ae').replaceAll('ø', 'oe').replaceAll('å', 'aa')
  const words = plain.normalize('NFKD').replace(/\p{M}/gu, '').split(/[^a-z0-9]+/).filter(Boolean) // prettier-ignore
  const joined = words.map((word, place) => (place === 0 ? word : word[0]!.toUpperCase() + word.slice(1)))
  const stem = joined.join('').replace(/^[0-9]+/, '').slice(0, 30) || 'field' // prettier-ignore
  const key = stem[0]!.toLowerCase() + stem.slice(1)
  const numbered = Array.from({ length: taken.length + 1 }, (_, place) => place === 0 ? key : `${key}${place + 1}`) // prettier-ignore
  return numbered.find((each) => !taken.includes(each))!
}
