export { createAnswerers, type Answerer, type Answerers } from './answerers.ts'
export { openModel } from './openModel.ts'
export type { Patience } from './patience.ts'
