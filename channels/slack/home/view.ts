import type { types } from '@slack/bolt'
import { sentence, type Locale } from '#core'
import { cardOf } from '../approvals/card.ts'
import { divider, line, moment, plain, remark, richText, words, type KnownBlock } from '../blockKit.ts'
import type { HomeContent } from './read.ts'
import { said } from './sentences.ts'

export const homeActions = { revoke: 'home.revoke', open: 'home.open' } as const

/** Approvals that are shown whole; a Home takes a hundred blocks. */
const mostWaiting = 5

/** What waits for a person first, then what runs, what they asked, what they always allow, and how much is left. */
export function homeView(content: HomeContent, locale: Locale, address: string): types.HomeView {
  const { name } = content
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plain(sentence(said.hello, locale, { name }), 150) },
      remark(sentence(said.ask, locale)),
      ...waitingBlocks(content, locale, address),
      ...listBlocks(said.running, content.running, locale, address),
      ...recentBlocks(content, locale, address),
      ...grantBlocks(content, locale),
      ...quotaBlocks(content, locale),
    ],
  }
}

/** For whoever has not said who they are: only how they do. */
export const strangerHome = (locale: Locale): types.HomeView => ({
  type: 'home',
  blocks: [{ type: 'header', text: plain('TekUp', 150) }, remark(sentence(said.connect, locale))],
})

const heading = (text: keyof typeof said, locale: Locale): KnownBlock[] => [
  divider,
  { type: 'header', text: plain(sentence(said[text], locale), 150) },
]

function waitingBlocks({ waiting }: HomeContent, locale: Locale, address: string): KnownBlock[] {
  const shown = waiting.slice(0, mostWaiting)
  const more = waiting.length > shown.length
  return [
    ...heading('waiting', locale),
    ...(waiting.length === 0 ? [remark(sentence(said.noneWaiting, locale))] : []),
    ...shown.flatMap((approval) => cardOf(approval, locale, address)),
    ...(more
      ? [linkTo(sentence(said.moreWaiting, locale, { count: waiting.length }), `${address}/approvals`)]
      : []),
  ]
}

const linkTo = (text: string, url: string): KnownBlock => ({
  type: 'actions',
  elements: [{ type: 'button', action_id: homeActions.open, text: plain(text), url }],
})

function recentBlocks(content: HomeContent, locale: Locale, address: string): KnownBlock[] {
  return content.recent.length === 0
    ? [...heading('recent', locale), remark(sentence(said.noneRecent, locale))]
    : listBlocks(said.recent, content.recent, locale, address)
}

function listBlocks(
  title: (typeof said)[keyof typeof said],
  items: HomeContent['recent'],
  locale: Locale,
  address: string,
): KnownBlock[] {
  if (items.length === 0) return []
  const lines = items.map(({ id, title: text, at }) =>
    line({ type: 'link', url: `${address}/?c=${id}`, text }, words(' · '), moment(at)),
  )
  return [divider, { type: 'header', text: plain(sentence(title, locale), 150) }, richText(lines)]
}

function grantBlocks({ grants }: HomeContent, locale: Locale): KnownBlock[] {
  if (grants.length === 0) return []
  const each = grants.map((grant): KnownBlock => {
    const what = grant.fields.map(({ label, value }) => `${label}: ${value}`).join(', ')
    return {
      type: 'section',
      text: plain([grant.title, what, grant.agentName].filter(Boolean).join(' · '), 2_000),
      accessory: {
        type: 'button',
        action_id: homeActions.revoke,
        value: grant.id,
        text: plain(sentence(said.takeBack, locale)),
        confirm: {
          title: plain(sentence(said.takeBack, locale), 100),
          text: plain(sentence(said.takeBackSure, locale), 300),
          confirm: plain(sentence(said.takeBack, locale), 30),
          deny: plain(sentence(said.cancel, locale), 30),
        },
      },
    }
  })
  return [...heading('grants', locale), ...each]
}

function quotaBlocks({ quota }: HomeContent, locale: Locale): KnownBlock[] {
  if (quota.length === 0) return []
  const told = quota.map(({ usedPercent, period }) =>
    sentence(said.used, locale, { percent: usedPercent, period: sentence(said[period], locale) }),
  )
  return [...heading('quota', locale), remark(told.join(' · '))]
}
