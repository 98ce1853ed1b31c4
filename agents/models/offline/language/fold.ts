/** Text in the form that words are compared in: small letters, å→aa, ø→oe, æ→ae, no other marks. */
export function fold(text: string): string {
  if (plain.test(text)) return text.toLowerCase()
  let folded = ''
  for (const letter of text.toLowerCase()) folded += spelled[letter] ?? letter
  return folded.normalize('NFKD').replace(/[\u0300-\u036f]/g, '')
}

const plain = /^[ -~]*$/
const spelled: Readonly<Record<string, string>> = {
  å: 'aa',
  ø: 'oe',
  æ: 'ae',
  ä: 'ae',
  ö: 'oe',
  ü: 'u',
  ß: 'ss',
  '’': "'",
}
