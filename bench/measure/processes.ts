import { readdirSync, readFileSync } from 'node:fs'

/** Microseconds of one clock tick of /proc (USER_HZ is 100 on every Linux that Node runs on). */
const tick = 10_000

/** The process ids directly below the given one (Linux). */
export const childrenOf = (parent: number): number[] =>
  allProcesses().filter((id) => stat(id)?.parent === parent)

/** The given process and everything below it. */
export const familyOf = (root: number): number[] => [root, ...childrenOf(root).flatMap(familyOf)]

export const parentOf = (id: number): number => stat(id)?.parent ?? 0

/** Microseconds of processor time that these processes have used so far. */
export const cpuOf = (ids: readonly number[]): number => sum(ids, (id) => stat(id)?.cpu ?? 0)

/** Resident bytes of these processes together; a page that n of them share counts as an nth of a page in each (PSS). */
export const residentOf = (ids: readonly number[]): number => sum(ids, proportionalSet)

/** What a process calls itself. */
export const commandOf = (id: number): string =>
  (read(`/proc/${id}/cmdline`) ?? '').replaceAll('\0', ' ').trim()

function proportionalSet(id: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${id}/smaps_rollup`) ?? '')?.[1]
  return Number(kilobytes ?? 0) * 1024
}

/** Fields 4, 14 and 15 of /proc/[pid]/stat (proc(5)); the name before them may hold spaces. */
function stat(id: number): { parent: number; cpu: number } | undefined {
  const fields = read(`/proc/${id}/stat`)?.split(') ')[1]?.split(' ')
  return fields && { parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) * tick }
}

const allProcesses = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

/** A process that has just ended reads as nothing. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const sum = (ids: readonly number[], of: (id: number) => number): number =>
  ids.reduce((total, id) => total + of(id), 0)
