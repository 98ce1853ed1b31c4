/**
 * Finds the proof that a form asks for while the visitor writes: a number for which SHA-256 of `ticket:number` begins with
 * so many zero bits (Hashcash, A. Back 2002). Without it, or without a safe connection, the submission is looked at by a person.
 */
export const proofScript = `const proof = document.querySelector('input[name=proof]')
const ticket = document.querySelector('input[name=ticket]').value
const bits = Number(proof.dataset.bits)
const encoder = new TextEncoder()
const zeros = (bytes) => {
  let count = 0
  for (const byte of bytes) {
    count += Math.clz32(byte) - 24
    if (byte !== 0) break
  }
  return count
}
const digest = async (number) => new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(ticket + ':' + number)))
for (let from = 0, size = 512; crypto.subtle && !proof.value; from += size) {
  const digests = await Promise.all(Array.from({ length: size }, (_, place) => digest(from + place)))
  const place = digests.findIndex((bytes) => zeros(bytes) >= bits)
  if (place >= 0) proof.value = String(from + place)
}
`
