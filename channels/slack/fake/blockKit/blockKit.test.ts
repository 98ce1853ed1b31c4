import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultsOfBlocks, faultsOfView } from './validate.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const button = (more: object = {}) => ({ type: 'button', action_id: 'a', text: plain('Ja'), ...more })
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const many = (count: number, one: unknown) => Array.from({ length: count }, () => one)
const long = (count: number) => 'x'.repeat(count)
const option = { text: plain('a'), value: 'a' }
const select = (more: object) => actions({ type: 'static_select', action_id: 'a', ...more })

/** Each limit: the most that Slack takes, and what is one too many. */
const limits: [name: string, most: object, tooMuch: object, pointer: string][] = [
  ['a section of 3,000 characters', { type: 'section', text: mrkdwn(long(3000)) }, { type: 'section', text: mrkdwn(long(3001)) }, '/blocks/0/text/text'],
  ['ten fields', { type: 'section', fields: many(10, mrkdwn('a')) }, { type: 'section', fields: many(11, mrkdwn('a')) }, '/blocks/0/fields'],
  ['fields of 2,000 characters', { type: 'section', fields: [mrkdwn(long(2000))] }, { type: 'section', fields: [mrkdwn(long(2001))] }, '/blocks/0/fields/0/text'],
  ['a header of 150', { type: 'header', text: plain(long(150)) }, { type: 'header', text: plain(long(151)) }, '/blocks/0/text/text'],
  ['ten elements of a context', { type: 'context', elements: many(10, mrkdwn('a')) }, { type: 'context', elements: many(11, mrkdwn('a')) }, '/blocks/0/elements'],
  ['25 actions', actions(...many(25, button()) as object[]), actions(...many(26, button()) as object[]), '/blocks/0/elements'],
  ['a button of 75', actions(button({ text: plain(long(75)) })), actions(button({ text: plain(long(76)) })), '/blocks/0/elements/0/text/text'],
  ['a value of 2,000', actions(button({ value: long(2000) })), actions(button({ value: long(2001) })), '/blocks/0/elements/0/value'],
  ['an action id of 255', actions(button({ action_id: long(255) })), actions(button({ action_id: long(256) })), '/blocks/0/elements/0/action_id'],
  ['a block id of 255', { type: 'divider', block_id: long(255) }, { type: 'divider', block_id: long(256) }, '/blocks/0/block_id'],
  ['a button’s address of 3,000', actions(button({ url: long(3000) })), actions(button({ url: long(3001) })), '/blocks/0/elements/0/url'],
  ['a picture’s words of 2,000', { type: 'image', image_url: 'a', alt_text: long(2000) }, { type: 'image', image_url: 'a', alt_text: long(2001) }, '/blocks/0/alt_text'],
  ['100 options', select({ options: many(100, option) }), select({ options: many(101, option) }), '/blocks/0/elements/0/options'],
  ['an option of 75', select({ options: [{ ...option, text: plain(long(75)) }] }), select({ options: [{ ...option, text: plain(long(76)) }] }), '/blocks/0/elements/0/options/0/text/text'],
  ['an option’s value of 150', select({ options: [{ ...option, value: long(150) }] }), select({ options: [{ ...option, value: long(151) }] }), '/blocks/0/elements/0/options/0/value'],
  ['ten checkboxes', actions({ type: 'checkboxes', options: many(10, option) }), actions({ type: 'checkboxes', options: many(11, option) }), '/blocks/0/elements/0/options'],
  ['five things of an overflow', actions({ type: 'overflow', options: many(5, option) }), actions({ type: 'overflow', options: many(6, option) }), '/blocks/0/elements/0/options'],
  ['a question of 300', actions(button({ confirm: { text: mrkdwn(long(300)) } })), actions(button({ confirm: { text: mrkdwn(long(301)) } })), '/blocks/0/elements/0/confirm/text/text'],
  ['markdown of 12,000', { type: 'markdown', text: long(12_000) }, { type: 'markdown', text: long(12_001) }, '/blocks/0/text'],
  ['a table of 100 rows', { type: 'table', rows: many(100, [{ type: 'raw_text', text: 'a' }]) }, { type: 'table', rows: many(101, [{ type: 'raw_text', text: 'a' }]) }, '/blocks/0/rows'],
  ['a table of 20 columns', { type: 'table', rows: [many(20, { type: 'raw_text', text: 'a' })] }, { type: 'table', rows: [many(21, { type: 'raw_text', text: 'a' })] }, '/blocks/0/rows/0'],
  ['10,000 characters in tables', { type: 'table', rows: [[{ type: 'raw_text', text: long(10_000) }]] }, { type: 'table', rows: [[{ type: 'raw_text', text: long(10_001) }]] }, '/blocks'],
  ['a plan of 50 tasks', { type: 'plan', title: 'a', tasks: many(50, { type: 'task_card', task_id: '1', title: 'a' }) }, { type: 'plan', title: 'a', tasks: many(51, { type: 'task_card', task_id: '1', title: 'a' }) }, '/blocks/0/tasks'],
  ['a card of 200', { type: 'card', body: mrkdwn(long(200)) }, { type: 'card', body: mrkdwn(long(201)) }, '/blocks/0/body/text'],
  ['ten cards', { type: 'carousel', elements: many(10, { type: 'card' }) }, { type: 'carousel', elements: many(11, { type: 'card' }) }, '/blocks/0/elements'],
  ['ten blocks of a container', { type: 'container', child_blocks: many(10, { type: 'divider' }) }, { type: 'container', child_blocks: many(11, { type: 'divider' }) }, '/blocks/0/child_blocks'],
] // prettier-ignore

describe('Block Kit', () => {
  test.each(limits)('takes %s, and no more', (_, most, tooMuch, pointer) => {
    expect(faultsOfBlocks([most])).toEqual([])
    expect(faultsOfBlocks([tooMuch]).map((fault) => fault.pointer)).toContain(pointer)
  })

  test.each([
    ['a block of no kind', { type: 'song' }],
    ['a field that no block has', { type: 'divider', colour: 'red' }],
    ['a section that says nothing', { type: 'section' }],
    ['a style that there is not', actions(button({ style: 'warning' }))],
    ['a header in mrkdwn', { type: 'header', text: mrkdwn('a') }],
    ['an input among actions', actions({ type: 'plain_text_input' })],
    ['a picture from nowhere', { type: 'image', alt_text: 'a' }],
    ['an alert outside a modal', { type: 'alert', text: plain('a') }],
    ['an empty text', { type: 'section', text: plain('') }],
    ['a table without its caption', { type: 'data_table', rows: [] }],
  ])('refuses %s', (_, block) => {
    expect(faultsOfBlocks([block])).not.toEqual([])
  })

  test('counts over the whole message: markdown, charts, ids', () => {
    expect(faultsOfBlocks(many(2, { type: 'markdown', text: long(6001) }))).not.toEqual([])
    expect(faultsOfBlocks(many(3, { type: 'data_visualization', title: 'a', chart: {} }))).not.toEqual([])
    expect(faultsOfBlocks(many(2, { type: 'divider', block_id: 'same' }))).not.toEqual([])
  })

  test('says of any value what is wrong with it, and never breaks', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => faultsOfBlocks([value]).length > 0))
  })
})

describe('a view', () => {
  const input = { type: 'input', label: plain('Navn'), element: { type: 'plain_text_input', action_id: 'a' } }
  const modal = (more: object = {}) => ({
    type: 'modal',
    title: plain('Ny'),
    submit: plain('Opret'),
    blocks: [input],
    ...more,
  })

  test.each([
    ['a title over 24', modal({ title: plain(long(25)) })],
    ['no way to send an input', { type: 'modal', title: plain('Ny'), blocks: [input] }],
    ['more than 3,000 kept privately', modal({ private_metadata: long(3001) })],
    ['a callback id over 255', modal({ callback_id: long(256) })],
    ['101 blocks', modal({ blocks: many(101, { type: 'divider' }) })],
    ['markdown, which is for messages', modal({ blocks: [{ type: 'markdown', text: 'a' }] })],
    ['a title on App Home', { ...modal(), type: 'home' }],
    ['another kind', { ...modal(), type: 'window' }],
  ])('is refused with %s', (_, view) => {
    expect(faultsOfView(view)).not.toEqual([])
  })

  test('is taken with 100 blocks and an alert', () => {
    expect(
      faultsOfView(
        modal({ blocks: [input, { type: 'alert', text: plain('a') }, ...many(98, { type: 'divider' })] }),
      ),
    ).toEqual([])
  })
})
