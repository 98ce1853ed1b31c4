import { sentence, type Core, type Locale, type Sentence } from '#core'
import type { Workspace } from '../install/workspace.ts'
import { originOf } from '../origin.ts'
import { makeLink } from './link.ts'

/** What somebody who is no employee is told. It names nothing secret, so that it may stand in a row; its words hold a link. */
export interface Greeting {
  /** Ours, of the row in `slack.people`. */
  readonly person: string
  readonly standing: keyof typeof greetings
  /** Slack's id of who alone sees it, where others are in the channel. */
  readonly only?: string
}

const greetings = {
  unlinked: {
    da: 'Hej! Jeg arbejder for dig, når jeg ved, hvem du er: <{link}|sig, at det er dig> (linket er kun til dig og virker i en halv time).',
    en: 'Hello! I work for you once I know who you are: <{link}|say that it is you> (the link is yours alone and good for half an hour).',
  },
  guest: {
    da: 'Hej! Jeg hjælper kun virksomhedens egne medarbejdere, og du er gæst her.',
    en: 'Hello! I help the company’s own employees only, and you are a guest here.',
  },
  stranger: {
    da: 'Hej! Jeg hjælper kun virksomhedens egne medarbejdere, og du kommer fra en anden.',
    en: 'Hello! I help the company’s own employees only, and you come from another.',
  },
} as const satisfies Record<string, Sentence>

/**
 * The words of a greeting in Slack's markup, with a new link where it takes one: whoever was sent another has a void one then.
 *
 * @throws SlackRefusal where a link is for somebody who is no member any more.
 */
export async function greetingWords(
  core: Core,
  workspace: Workspace,
  { person, standing }: Greeting,
): Promise<string> {
  const link = standing === 'unlinked' ? await makeLink(core, workspace, person, originOf(core.config)) : ''
  return (['da', 'en'] satisfies Locale[])
    .map((locale) => sentence(greetings[standing], locale, { link }))
    .join('\n')
}
