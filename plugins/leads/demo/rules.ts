import { v7 as uuidv7 } from 'uuid'
import type { Condition } from '../scoring/condition.ts'
import type { Profile } from './profile.ts'

export interface DemoRule extends Condition {
  readonly id: string
  readonly name: string
  readonly per: 'lead' | 'capture'
  readonly points: number
}

export const scoringRulesOf = ({ wanted: [reason, words, points] }: Profile): DemoRule[] =>
  [
    {
      name: 'Har en e-mail fra et firma',
      per: 'lead',
      field: 'email',
      operator: 'isWorkEmail',
      value: null,
      points: 10,
    },
    { name: 'Kan ringes op', per: 'lead', field: 'phone', operator: 'isKnown', value: null, points: 10 },
    {
      name: 'Bestemmer selv',
      per: 'lead',
      field: 'title',
      operator: 'contains',
      value: 'direktør, indehaver, chef',
      points: 20,
    },
    {
      name: 'Anbefalet af en kunde',
      per: 'lead',
      field: 'source',
      operator: 'contains',
      value: 'anbefaling',
      points: 20,
    },
    {
      name: 'Fra en annonce',
      per: 'lead',
      field: 'source',
      operator: 'contains',
      value: 'annonce, ads',
      points: -5,
    },
    { name: reason, per: 'capture', field: 'message', operator: 'contains', value: words, points },
  ].map((rule) => ({ id: uuidv7(), ...rule }) as DemoRule)
