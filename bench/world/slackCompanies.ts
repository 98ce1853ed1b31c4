import { readConfig } from '#core'
import { slackDomain } from '#channels/slack'
import { allow, hash } from '../../channels/slack/testing/slackWorld.ts'
import type { SlackTeam } from '../clients/slack.ts'
import type { Company } from './companies.ts'
import { callerOf, openCore } from './core.ts'
import type { World } from './database.ts'

/** Connects a workspace for each company, as its admin would, and links the person who asks there. */
export async function connectSlack(
  world: World,
  companies: readonly Company[],
  slack: { readonly settings: Readonly<Record<string, string>>; readonly teams: readonly SlackTeam[] },
  url: string,
): Promise<void> {
  const core = openCore(world, [slackDomain(readConfig(slack.settings))], slack.settings)
  const redirectUri = `${url}/slack/oauth_redirect`
  for (const [index, { asker }] of slack.teams.entries()) {
    const company = companies[index]!
    const call = async <Answer>(name: string, input: object): Promise<Answer> =>
      (await core.invoke(core.registry.find(name)!, input, callerOf(core, company))).value as Answer
    const begun = await call<{ url: string }>('slack.installs.begin', { redirectUri, browser: hash('bench') })
    const { code, state } = await allow(begun.url, asker)
    const { id } = await call<{ id: string }>('slack.installs.finish', { id: state, code, browser: 'bench' })
    await world.admin.query(
      `INSERT INTO slack.people (tenant_id, workspace_id, slack_user, name, standing, employee_id, linked_at, checked_at)
        VALUES ($1, $2, $3, 'Anna', 'member', $4, now(), now())`,
      [company.tenant, id, asker, company.person],
    )
  }
  await core.close()
}

/** Waits until nothing of what Slack has told is left to do. */
export async function workedThrough({ admin }: World): Promise<void> {
  const open = async (): Promise<boolean> => {
    const { rows } = await admin.query<{ open: boolean }>(
      `SELECT EXISTS (SELECT FROM slack.inbox WHERE done_at IS NULL) OR EXISTS (SELECT FROM slack.messages WHERE state = 'asked') AS open`,
    )
    return rows[0]!.open
  }
  while (await open()) await new Promise((later) => setTimeout(later, 100))
}
