import { availableParallelism, loadavg, totalmem } from 'node:os'
import type { Measured } from './rounds.ts'

/** One measured figure beside what it is held against. */
interface Figure {
  readonly figure: string
  readonly ours: number
  /** What the peer reached; none when the limit is a plain number. */
  readonly peer?: number
  readonly unit: string
  readonly limit: Limit
}

/** `ratio`: ours divided by the peer's; without a peer the figure itself is held against the limit. */
export interface Limit {
  readonly is: 'at least' | 'at most'
  readonly value: number
}

/** Prints the figures as a table; the process ends with 1 when one of them does not hold. */
export function report(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}\n${machine()}\n`)
  const head = ['figure', 'ours', 'peer', 'ratio', 'limit', 'holds']
  printTable([head, ...figures.map(row)])
  if (!figures.every(holds)) process.exitCode = 1
}

/** Prints what each variant reached, before the figures that are held against limits. */
export function printRounds(measured: ReadonlyMap<string, Measured>): void {
  const head = ['variant', 'requests/s', 'p99 ms', 'server CPU µs', 'PostgreSQL CPU µs']
  const rows = [...measured].map(([variant, { perSecond, p99, cpu, databaseCpu }]) => [
    variant,
    ...[perSecond, p99, cpu, databaseCpu].map(number),
  ])
  printTable([head, ...rows])
}

/** Prints rows of text in columns. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)))
  for (const cells of rows)
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
}

export const number = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 2 })

function row(of: Figure): string[] {
  const { figure, ours, peer, unit, limit } = of
  return [
    figure,
    `${number(ours)} ${unit}`,
    peer === undefined ? '–' : `${number(peer)} ${unit}`,
    peer === undefined ? '–' : number(ours / peer),
    `${limit.is} ${number(limit.value)}`,
    holds(of) ? 'yes' : 'NO',
  ]
}

function holds({ ours, peer, limit }: Figure): boolean {
  const value = peer === undefined ? ours : ours / peer
  return limit.is === 'at least' ? value >= limit.value : value <= limit.value
}

function machine(): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  const load = loadavg()[0]!.toFixed(2)
  return `${availableParallelism()} cores, ${memory}, Node ${process.versions.node}, load average ${load} at the end`
}
