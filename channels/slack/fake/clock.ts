/** Time as the fake Slack sees it: moved forward by tests. Milliseconds since 1970. */
export interface FakeClock {
  now(): number
  /** Runs the work when so many milliseconds have gone by; answers how to call it off. */
  after(milliseconds: number, work: () => void): () => void
  /** Moves time forward; what falls due on the way runs at its own moment, in order. */
  advance(milliseconds: number): Promise<void>
  stop(): void
}

/** It goes on as the machine's own does, or stands still but for what tests move it: then no machine is too slow for it. */
export type Time = 'runs' | 'stands'

interface Alarm {
  readonly at: number
  readonly work: () => void
  readonly timer: NodeJS.Timeout | undefined
}

export function createClock(time: Time = 'runs'): FakeClock {
  const begun = Date.now()
  let moved = 0
  const alarms = new Set<Alarm>()
  const now = (): number => (time === 'runs' ? Date.now() : begun) + moved

  function after(milliseconds: number, work: () => void): () => void {
    const ring = (): void => {
      alarms.delete(alarm)
      work()
    }
    const timer = time === 'runs' ? setTimeout(ring, milliseconds).unref() : undefined
    const alarm: Alarm = { at: now() + milliseconds, work, timer }
    alarms.add(alarm)
    return () => drop(alarm)
  }

  function drop(alarm: Alarm): void {
    clearTimeout(alarm.timer)
    alarms.delete(alarm)
  }

  async function advance(milliseconds: number): Promise<void> {
    const goal = now() + milliseconds
    for (let due = earliest(alarms, goal); due; due = earliest(alarms, goal)) {
      moved += Math.max(0, due.at - now())
      drop(due)
      due.work()
      await turnOfTheLoop()
    }
    moved += Math.max(0, goal - now())
    await turnOfTheLoop()
  }

  return { now, after, advance, stop: () => alarms.forEach(drop) }
}

function earliest(alarms: ReadonlySet<Alarm>, until: number): Alarm | undefined {
  return [...alarms].filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at)[0]
}

/** Lets what was just set free go on before time moves further. */
const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
