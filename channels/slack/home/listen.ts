import type { App } from '@slack/bolt'
import type { SlackParts } from '../parts.ts'
import { answeredBy, type Hearing } from './ask.ts'
import { listenQuestions } from './command.ts'
import { listenFeedback } from './feedback.ts'
import { listenHome } from './home.ts'

/** App Home, and the ways to ask that are no messages: what is asked by them is heard as if it had been written. */
export function listenHomeAndQuestions(app: App, parts: SlackParts, turns: Hearing): void {
  listenHome(app, parts)
  listenFeedback(app, parts)
  listenQuestions(app, parts, answeredBy(turns))
}
