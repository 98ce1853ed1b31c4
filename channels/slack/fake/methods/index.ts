import { apps } from './apps.ts'
import type { Methods } from './call.ts'
import { chat } from './chat.ts'
import { conversations } from './conversations.ts'
import { files } from './files.ts'
import { oauth } from './oauth.ts'
import { people } from './people.ts'
import { sessions } from './sessions.ts'
import { streams } from './streams.ts'
import { views } from './views.ts'

/** Every method that the fake answers, by its name. */
export const methods: Methods = {
  ...apps, ...chat, ...conversations, ...files, ...oauth, ...people, ...sessions, ...streams, ...views,
} // prettier-ignore
