type Work = (input: never) => Promise<unknown>

/** The client's side of a measurement: does the work that it is told to, one after the other, and says what came of it. */
export function answering(works: Readonly<Record<string, Work>>): void {
  process.once('disconnect', () => process.exit())
  process.on('message', async ({ work, input }: { work: string; input: never }) => {
    if (work === 'stop') process.exit(0)
    process.send?.((await works[work]!(input)) ?? null)
  })
}
