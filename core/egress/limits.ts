import { egressRefused } from './refusals.ts'

/** The body as it comes, cut off with a refusal past so many bytes. */
export function withinBytes(
  body: ReadableStream<Uint8Array>,
  most: number,
  host: string,
): ReadableStream<Uint8Array> {
  let seen = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.byteLength
      if (seen > most) controller.error(egressRefused(host, 'size'))
      else controller.enqueue(chunk)
    },
  })
  return body.pipeThrough(counter)
}
