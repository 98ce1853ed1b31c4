/** Microseconds of a clock that all processes of the machine share (CLOCK_MONOTONIC). */
export const now = (): number => Number(process.hrtime.bigint() / 1000n)
