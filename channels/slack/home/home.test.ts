import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agentsPlugin } from '#agents'
import { createCore, openDatabase } from '#core'
import { shelf } from '#core/testing'
import { actions } from '../approvals/card.ts'
import { askAboutThis, slashCommand } from '../install/needs.ts'
import { slackDomain } from '../plugin.ts'
import { startApprovalWorld, type ApprovalWorld } from '../testing/approvalWorld.ts'
import { claimHomes, publishHome } from './publish.ts'
import { watchHomes } from './watch.ts'
import { homeActions } from './view.ts'

let world: ApprovalWorld
beforeAll(async () => {
  world = await startApprovalWorld([agentsPlugin])
})
afterAll(() => world.close())

const homeOf = (person: string): string => JSON.stringify(world.slack.home(person)?.content['blocks'] ?? '')
const shows = async (person: string, said: string): Promise<void> =>
  await expect.poll(() => homeOf(person)).toContain(said)
const openHome = async (person: string): Promise<void> => {
  world.slack.openHome(person)
  await world.settled()
}
/** Answers of the app in #general, as they stand. */
const answers = () => world.slack.messages('general').filter(({ botId, onlyFor }) => botId && !onlyFor)
const told = (): string => JSON.stringify(answers().map(({ text, blocks }) => [text, blocks]))
const answered = async (said: string): Promise<void> => await expect.poll(told).toContain(said)

describe('App Home', () => {
  test('tells whoever has nothing that nothing waits', async () => {
    await openHome('mikkel')
    await shows('mikkel', 'Hej Mikkel Brandt')
    await shows('mikkel', 'Intet venter på dit svar.')
  })

  // Before anything else has happened that Homes are shown anew for.
  test('is shown by one of the processes that hear of a change, and once for many changes', async () => {
    await openHome('anna')
    const { parts } = world.channel
    const { write } = parts.core.database
    let claims = 0
    const counting = { ...parts.core.database, write: ((...asked) => (claims++, write(...asked))) as typeof write } // prettier-ignore
    const second = watchHomes({ ...parts, core: { ...parts.core, database: counting } })
    const published = () => world.slack.calls('views.publish').length
    const before = published()
    const told = Array.from({ length: 50 }, () => ({
      tenant: world.tenant,
      type: 'platform.approvals.asked',
      person: world.anna.actor.id,
    }))
    world.core.live.tell(told)
    await expect.poll(() => [published(), claims]).toEqual([before + 1, 1])
    await second.close()
    expect(published()).toBe(before + 1)
  })

  test('shows what waits, as soon as it does, and takes the answer', async () => {
    await openHome('anna')
    await shows('anna', 'Intet venter')
    const notice = await world.want('mail', { to: 'hjem@havneby.example' })
    await shows('anna', 'hjem@havneby.example')
    await world.slack.pressInView('anna', actions.approve)
    await expect.poll(() => world.statusOf(notice)).toBe('done')
    await shows('anna', 'Intet venter')
  })

  test('lets a colleague answer, and leaves it to the asker to always allow it', async () => {
    const { id } = await world.want('mail', { to: 'kollega@havneby.example' })
    for (const person of ['anna', 'mikkel']) {
      await openHome(person)
      await shows(person, 'kollega@havneby.example')
    }
    expect(homeOf('anna')).toContain(actions.always)
    expect(homeOf('mikkel')).toContain(actions.approve)
    expect(homeOf('mikkel')).not.toContain(actions.always)
    await world.call('platform.approvals.reject', { id }, world.tenant, { actor: world.anna.actor })
  })

  test('shows what is always allowed, and takes it back', async () => {
    const { id } = await world.want('mail', { to: 'altid@havneby.example' })
    await world.call('platform.approvals.approve', { id, always: {} }, world.tenant, {
      actor: world.anna.actor,
    })
    await openHome('anna')
    await shows('anna', 'altid@havneby.example')
    await world.slack.pressInView('anna', homeActions.revoke)
    await expect.poll(() => homeOf('anna')).not.toContain('altid@havneby.example')
    expect((await world.want('mail', { to: 'altid@havneby.example' })).id).toBeDefined()
  })

  test('is shown anew when what stands in it changes in another process, which has no part in Slack', async () => {
    await openHome('anna')
    // What is said before anybody listens nobody tells again.
    await world.core.live.listen()
    const { id } = await world.want('mail', { to: 'andetsteds@havneby.example' })
    await shows('anna', 'andetsteds@havneby.example')
    const other = createCore({
      config: world.core.config,
      database: openDatabase({ url: world.runtimeUrl }),
      secret: world.secret,
      plugins: [slackDomain(world.core.config), shelf, agentsPlugin],
      log: world.core.log,
    })
    const caller = { ...world.anna, origin: { surface: 'rest', requestId: 'elsewhere' } } as const
    await other.invoke(other.registry.find('platform.approvals.reject')!, { id }, caller)
    await expect.poll(() => homeOf('anna')).not.toContain('andetsteds@havneby.example')
    await other.close()
  })

  test('never writes an older state over a newer one', async () => {
    await openHome('anna')
    const { parts } = world.channel
    const home = { workspace: world.workspace, slackUser: world.slack.workspace.user('anna').id }
    await publishHome(parts, { ...home, hash: 'an-older-one' }, world.anna)
    await shows('anna', 'Hej Anna Nordlys')
    expect(
      world.slack.calls('views.publish').some(({ answer }) => answer?.['error'] === 'hash_conflict'),
    ).toBe(true)
  })

  test('tells somebody who has not said who they are only how they do', async () => {
    await world.admin.query(`UPDATE slack.people SET employee_id = NULL, linked_at = NULL WHERE employee_id = $1`, [world.mikkel.actor.id]) // prettier-ignore
    await openHome('mikkel')
    await shows('mikkel', 'ikke forbundet med TekUp')
    await world.admin.query(`UPDATE slack.people SET employee_id = $1, linked_at = now() WHERE slack_user = $2`, [world.mikkel.actor.id, world.slack.workspace.user('mikkel').id]) // prettier-ignore
  })

  test('is shown anew to nobody who is that employee no longer', async () => {
    const { id: user } = world.slack.workspace.user('anna')
    const homes = async () => claimHomes(world.core, world.tenant, world.anna.actor.id, 0)
    await openHome('anna')
    await expect.poll(homes).toHaveLength(1)
    await world.admin.query(`UPDATE slack.people SET employee_id = NULL, linked_at = NULL WHERE slack_user = $1`, [user]) // prettier-ignore
    expect(await homes()).toEqual([])
    await world.admin.query(`UPDATE slack.people SET employee_id = $1, linked_at = now() WHERE slack_user = $2`, [world.anna.actor.id, user]) // prettier-ignore
  })

  test('suggests what this person could ask, four things at most', async () => {
    world.slack.openHome('anna', 'messages')
    await world.settled()
    const { arguments: given } = world.slack.calls('assistant.threads.setSuggestedPrompts').at(-1)!
    const prompts = typeof given['prompts'] === 'string' ? JSON.parse(given['prompts']) : given['prompts']
    expect(prompts.length).toBeGreaterThan(0)
    expect(prompts.length).toBeLessThanOrEqual(4)
  })
})

describe('the command', () => {
  test('writes down who asks what, and answers under it', async () => {
    await world.slack.command('anna', 'general', slashCommand, 'hvilke bøger har vi')
    await answered('Anna Nordlys spørger:')
    await answered('Ja.')
    const question = answers().find(({ text }) => text.includes('hvilke bøger har vi'))!
    expect(answers().find(({ threadTs }) => threadTs === question.ts)).toBeDefined()
  })

  test('without words opens a modal, and answers what is written there', async () => {
    await world.slack.command('anna', 'general', slashCommand)
    await expect.poll(() => world.slack.modal('anna')).toBeDefined()
    await world.slack.submit('anna', { question: 'hvem har lånt Løvens gab' })
    await answered('hvem har lånt Løvens gab')
  })

  test('in a channel that the app is not in is answered in a direct message', async () => {
    await world.slack.command('anna', 'kunder', slashCommand, 'hvad koster det')
    await expect.poll(() => JSON.stringify(world.latest('@bot', 'anna')?.blocks ?? '')).not.toBe('""') // prettier-ignore
    expect(world.slack.messages('kunder').some(({ botId }) => botId !== undefined)).toBe(false)
  })
})

test('the shortcut on a message asks about it, in its thread', async () => {
  const about = world.slack.say('mikkel', 'general', 'Kunden vil have to bøger mere')
  await world.slack.shortcut('anna', askAboutThis, about)
  await expect.poll(() => JSON.stringify(world.slack.modal('anna')?.content ?? '')).toContain('to bøger mere')
  await world.slack.submit('anna', { question: 'kan vi nå det' })
  await expect
    .poll(() => answers().filter(({ threadTs }) => threadTs === about.ts).length)
    .toBeGreaterThanOrEqual(2)
})

describe('thumbs under an answer', () => {
  const feedback = async () => (await world.call<{ items: { verdict: string; comment: string | null }[] }>('agents.feedback.list', {}, world.tenant, { actor: world.anna.actor })).items // prettier-ignore
  const answerTo = async (text: string) => {
    const question = world.slack.mention('anna', 'general', text)
    await world.settled()
    const found = () => answers().findLast(({ threadTs, blocks }) => threadTs === question.ts && JSON.stringify(blocks).includes('feedback_buttons')) // prettier-ignore
    await expect.poll(found).toBeDefined()
    return found()!
  }

  test('tell the company what was good, and why something was not', async () => {
    const answer = await answerTo('hvilke bøger er der')
    await world.slack.press('anna', answer, 'answer.feedback', 'negative')
    await expect.poll(async () => (await feedback())[0]?.verdict).toBe('bad')
    await world.slack.submit('anna', { why: 'Jeg ville have dem efter titel' })
    await expect.poll(async () => (await feedback())[0]).toMatchObject({ verdict: 'bad', comment: 'Jeg ville have dem efter titel' }) // prettier-ignore
  })

  test('are for whoever asked', async () => {
    const before = (await feedback()).length
    const answer = await answerTo('hvilke bøger mangler')
    await world.slack.press('mikkel', answer, 'answer.feedback', 'positive')
    const alone = () => world.slack.messages('general').findLast(({ onlyFor }) => onlyFor === world.slack.workspace.user('mikkel').id)?.text // prettier-ignore
    await expect.poll(alone).toContain('Kun den, der spurgte')
    expect((await feedback()).length).toBe(before)
  })
})
