import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { operation } from '../../operations/operation.ts'
import { promptOf, promptText } from './prompts.ts'

const move = operation({
  name: 'crm.deals.move',
  summary: 'Move a deal',
  effect: 'write',
  input: z.object({ id: z.string(), stage: z.string() }),
  output: z.object({}),
  run: () => ({}),
})
const words = {
  title: 'Move a deal',
  doing: '',
  done: '',
  phrases: ['move {id}', 'move {id} to {stage}', 'put {id} in {stage}, please'],
}

describe('a prompt', () => {
  test('needs what every phrase needs, and takes the rest', () => {
    expect(promptOf(move, words)).toMatchObject({
      name: 'crm_deals_move',
      arguments: [
        { name: 'id', required: true },
        { name: 'stage', required: false },
      ],
    })
  })

  test('is the phrase that says most of what was given', () => {
    const said = (given: Record<string, string>) => promptText(words, given).messages[0]?.content
    expect(said({ id: 'Havneby' })).toEqual({ type: 'text', text: 'move Havneby' })
    expect(said({ id: 'Havneby', stage: 'won' })).toEqual({ type: 'text', text: 'move Havneby to won' })
    expect(said({ id: '{stage}', stage: 'won' })).toEqual({ type: 'text', text: 'move {stage} to won' })
  })

  test('says when something that it needs is missing', () => {
    expect(() => promptText(words, { stage: 'won' })).toThrow(/missing/)
  })
})
