import { api } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Invitation, Page, Person, Role } from '#lib/api/types.ts'
import { session } from '#lib/session/session.svelte.ts'
import { forgetColleagues } from './colleagues.ts'

/** The most that one page of a list holds; a company larger than this needs a search first. */
const most = 200

/** The people of the company, and those on their way in. */
export class Team {
  people = $state.raw<Person[]>()
  invitations = $state.raw<Invitation[]>([])
  problem = $state<unknown>()
  readonly #latest = new Latest()

  async load() {
    const isLatest = this.#latest.ask()
    forgetColleagues()
    this.problem = undefined
    try {
      const [people, invitations] = await Promise.all([readPeople(), readInvitations()])
      if (!isLatest()) return
      this.people = people
      this.invitations = invitations
    } catch (error) {
      if (isLatest()) this.problem = error
    }
  }

  /** Invites somebody, or makes a new link for who is invited already. Answers the address of the page that accepts it. */
  async invite(email: string, role: Role): Promise<string> {
    const body = { email, role }
    const { token } = await api<Invitation & { token: string }>('/platform/invitations', {
      method: 'POST',
      body,
    })
    await this.load()
    return `${location.origin}/invitation#${token}`
  }

  async takeBack({ id }: Invitation) {
    await api(`/platform/invitations/${id}`, { method: 'DELETE' })
    await this.load()
  }

  async changeRole({ id, version }: Person, role: Role) {
    await api(`/platform/people/${id}`, { method: 'PATCH', body: { role, version } })
    await this.load()
  }

  /** Ends somebody's membership. The first call, without a token, throws `confirmation_required`. */
  async remove({ id }: Person, confirmation?: string) {
    await api(`/platform/people/${id}`, { method: 'DELETE', confirmation })
    await this.load()
  }
}

async function readPeople(): Promise<Person[]> {
  return (await api<Page<Person>>(`/platform/people?limit=${most}`)).items
}

async function readInvitations(): Promise<Invitation[]> {
  if (!session.may('platform.invitations:read')) return []
  const { items } = await api<Page<Invitation>>(`/platform/invitations?limit=${most}`)
  return items.filter(({ status }) => status !== 'accepted')
}
