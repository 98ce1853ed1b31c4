import type { OperationField } from '#lib/api/types.ts'
import { amountText, parseAmount } from '#lib/messages/amount.ts'

type Typed = Pick<OperationField, 'type'>

const isReference = (text: string): boolean => text.includes('{{')

/** What a form's text stands for in the input of an operation; nothing where it is empty. */
export function fromText({ type }: Typed, text: string): unknown {
  const given = text.trim()
  if (given === '') return undefined
  if (type === 'json') return parsed(given)
  if (isReference(given)) return text
  if (type === 'number') return numeric(given)
  if (type === 'money') return parseAmount(given) ?? given
  return type === 'boolean' ? given === 'true' : text
}

/** The same the other way; what the form shows. */
export function toText({ type }: Typed, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (type === 'money' && typeof value === 'number') return amountText(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A moment as the browser's own field has it, in the reader's time, and back; nothing for what is none. */
export function toLocalMoment(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
export function fromLocalMoment(local: string): string {
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}

const numeric = (text: string): number | string => {
  const number = Number(text.replace(',', '.'))
  return Number.isNaN(number) ? text : number
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
