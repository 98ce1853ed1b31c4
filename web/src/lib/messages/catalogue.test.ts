import { IntlMessageFormat } from 'intl-messageformat'
import { beforeAll, describe, expect, it } from 'vitest'
import approvalsDa from './approvals/da.json' with { type: 'json' }
import approvalsEn from './approvals/en.json' with { type: 'json' }
import { approvalsMessages } from './approvals/index.ts'
import automationsDa from './automations/da.json' with { type: 'json' }
import automationsEn from './automations/en.json' with { type: 'json' }
import { automationsMessages } from './automations/index.ts'
import { formatMessage, loadCatalogue, locales, type MessageKey } from './catalogue.ts'
import da from './da.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }
import chatDa from './chat/da.json' with { type: 'json' }
import chatEn from './chat/en.json' with { type: 'json' }
import { chatMessages } from './chat/index.ts'
import customersDa from './customers/da.json' with { type: 'json' }
import customersEn from './customers/en.json' with { type: 'json' }
import { customersMessages } from './customers/index.ts'
import entranceDa from './entrance/da.json' with { type: 'json' }
import entranceEn from './entrance/en.json' with { type: 'json' }
import { entranceMessages } from './entrance/index.ts'
import jobsDa from './jobs/da.json' with { type: 'json' }
import jobsEn from './jobs/en.json' with { type: 'json' }
import { jobsMessages } from './jobs/index.ts'
import leadSettingsDa from './leadSettings/da.json' with { type: 'json' }
import leadSettingsEn from './leadSettings/en.json' with { type: 'json' }
import { leadSettingsMessages } from './leadSettings/index.ts'
import leadsDa from './leads/da.json' with { type: 'json' }
import leadsEn from './leads/en.json' with { type: 'json' }
import { leadsMessages } from './leads/index.ts'
import partsDa from './parts/da.json' with { type: 'json' }
import partsEn from './parts/en.json' with { type: 'json' }
import { partsMessages } from './parts/index.ts'
import settingsDa from './settings/da.json' with { type: 'json' }
import settingsEn from './settings/en.json' with { type: 'json' }
import { settingsMessages } from './settings/index.ts'

const files = {
  da: [
    da,
    settingsDa,
    partsDa,
    automationsDa,
    leadsDa,
    jobsDa,
    leadSettingsDa,
    customersDa,
    entranceDa,
    chatDa,
    approvalsDa,
  ],
  en: [
    en,
    settingsEn,
    partsEn,
    automationsEn,
    leadsEn,
    jobsEn,
    leadSettingsEn,
    customersEn,
    entranceEn,
    chatEn,
    approvalsEn,
  ],
}
const together = (parts: readonly object[]): Record<MessageKey, string> => Object.assign({}, ...parts)
const catalogues = { da: together(files.da), en: together(files.en) }
const keys = Object.keys(catalogues.da) as MessageKey[]
const beyond = [
  settingsMessages,
  partsMessages,
  automationsMessages,
  leadsMessages,
  jobsMessages,
  leadSettingsMessages,
  customersMessages,
  entranceMessages,
  chatMessages,
  approvalsMessages,
]
beforeAll(() => Promise.all(locales.map((locale) => loadCatalogue(locale, beyond))))

describe('the messages of the web app', () => {
  it('have the same keys in Danish and English, in the same order, each in one file', () => {
    for (const [place, danish] of files.da.entries())
      expect(Object.keys(files.en[place]!)).toEqual(Object.keys(danish))
    expect(keys).toHaveLength(files.da.reduce((sum, file) => sum + Object.keys(file).length, 0))
  })

  it.each(keys)('%s is written, and takes the same values in both languages', (key) => {
    expect(catalogues.da[key].trim()).not.toBe('')
    expect(catalogues.en[key].trim()).not.toBe('')
    expect(placeholders(catalogues.en[key])).toEqual(placeholders(catalogues.da[key]))
  })

  it('are each said somewhere', () => {
    const isSaid = (key: string): boolean =>
      sources.includes(`'${key}'`) || composed.some((beginning) => key.startsWith(beginning))
    expect(keys.filter((key) => !isSaid(key))).toEqual([])
  })

  it('follow the plural rules of the language', () => {
    expect(formatMessage('da', 'contacts.shown', { count: 1 })).toBe('1 kontakt')
    expect(formatMessage('en', 'contacts.shown', { count: 1200 })).toBe('1,200 contacts')
  })

  it('keep markup in a value as text', () => {
    expect(formatMessage('en', 'records.createdToast', { name: '<b>Bo</b>' })).toBe(
      '<b>Bo</b> has been created.',
    )
  })
})

const modules = import.meta.glob<string>(['../../**/*.svelte', '../../**/*.ts', '!../../**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
})
const sources = Object.values(modules).join('\n')
/** What keys begin with whose end is a value. */
const composed = [...sources.matchAll(/`(\w[\w.]*\.)\$\{/g)].map(([, beginning]) => beginning!)

/** The names of the values that a pattern takes, sorted. */
function placeholders(pattern: string): string[] {
  const names = new Set<string>()
  JSON.stringify(new IntlMessageFormat(pattern, 'en', undefined, { ignoreTag: true }).getAst(), (_, node) => {
    if (node && typeof node === 'object' && node.type >= 1 && node.type <= 6) names.add(node.value)
    return node
  })
  return [...names].sort()
}
