const shortest = 1_000
const longest = 30_000

/** Milliseconds before the next try after so many failures: twice as long each time, drawn so that not all come at once. */
export function backOff(failures: number, draw: () => number = Math.random): number {
  const most = Math.min(longest, shortest * 2 ** failures)
  return Math.round(shortest / 2 + draw() * (most - shortest / 2))
}

/** Where live updates are, beside the page. */
export const socketAddress = ({ protocol, host }: Pick<Location, 'protocol' | 'host'>): string =>
  `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/api/v1/realtime`
