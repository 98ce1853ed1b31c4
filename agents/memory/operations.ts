import { noteOperations } from './notes.ts'

export const memoryOperations = [
  ...noteOperations({
    name: 'memories',
    own: true,
    one: 'something that you want your agents to keep in mind',
    all: 'what your agents keep in mind about you',
  }),
  ...noteOperations({
    name: 'guidelines',
    own: false,
    one: 'something that all agents of the company are to keep in mind',
    all: 'what all agents of the company keep in mind',
  }),
]
