import type { Ids } from './ids.ts'
import type { Channel, Enterprise, Message, SlackFile, Team, User, UserKind } from './state.ts'

/** Every workspace that this Slack holds, with its people, channels and files. */
export interface Workspace {
  readonly teams: Team[]
  readonly users: User[]
  readonly channels: Channel[]
  readonly files: SlackFile[]
  addTeam(name: string, enterprise?: Enterprise): Team
  addUser(team: Team, person: NewUser): User
  addChannel(team: Team, channel: NewChannel): Channel
  /** By id, name or email address; throws where there is none. */
  team(nameOrId?: string): Team
  user(nameOrId: string): User
  channel(nameOrId: string): Channel
  findUser(id: string): User | undefined
  findChannel(idOrName: string): Channel | undefined
  findMessage(channel: Channel, ts: string): Message | undefined
  /** The conversation of these people alone, made when they have none. */
  direct(team: Team, users: readonly User[]): Channel
}

export interface NewUser {
  readonly name: string
  readonly realName?: string
  readonly email?: string
  readonly kind?: UserKind
  readonly isAdmin?: boolean
}

export interface NewChannel {
  readonly name: string
  readonly kind?: Channel['kind']
  readonly topic?: string
  readonly members?: readonly User[]
  readonly sharedWith?: readonly Team[]
}

export function createWorkspace(ids: Ids): Workspace {
  const teams: Team[] = []
  const users: User[] = []
  const channels: Channel[] = []
  const files: SlackFile[] = []

  function addTeam(name: string, enterprise?: Enterprise): Team {
    const team = { id: ids.next('T'), name, domain: domainOf(name), ...(enterprise && { enterprise }) }
    teams.push(team)
    return team
  }

  function addUser(team: Team, { name, realName = name, email, kind = 'member', isAdmin = false }: NewUser) {
    const user: User = { id: ids.next('U'), team, name, realName, kind, isAdmin, ...(email && { email }) }
    users.push(user)
    return user
  }

  function addChannel(
    team: Team,
    { name, kind = 'public', topic = '', members = [], sharedWith = [] }: NewChannel,
  ) {
    const channel: Channel = {
      id: ids.next(kind === 'im' ? 'D' : kind === 'mpim' ? 'G' : 'C'),
      team, name, kind, topic, sharedWith, messages: [], isArchived: false,
      members: new Set(members.map(({ id }) => id)),
    } // prettier-ignore
    channels.push(channel)
    return channel
  }

  function direct(team: Team, people: readonly User[]): Channel {
    const kind = people.length > 2 ? 'mpim' : 'im'
    const found = channels.find(
      (channel) => channel.kind === kind && channel.team === team && isSame(channel.members, people),
    )
    return (
      found ?? addChannel(team, { name: people.map(({ name }) => name).join('-'), kind, members: people })
    )
  }

  const findUser = (id: string) => users.find((user) => user.id === id)
  const findChannel = (idOrName: string) =>
    channels.find(({ id }) => id === idOrName) ??
    channels.find(({ name, kind }) => kind !== 'im' && name === idOrName.replace(/^#/, ''))

  return {
    teams, users, channels, files, addTeam, addUser, addChannel, direct, findUser, findChannel,
    team: (name) => there(teams.find((team) => !name || team.id === name || team.name === name), 'team', name),
    user: (name) => there(users.find((user) => [user.id, user.name, user.email].includes(name)), 'user', name),
    channel: (name) => there(findChannel(name), 'channel', name),
    findMessage: (channel, ts) => channel.messages.find((message) => message.ts === ts),
  } // prettier-ignore
}

function there<Thing>(thing: Thing | undefined, kind: string, name = ''): Thing {
  if (!thing) throw new Error(`The fake Slack has no ${kind} "${name}".`)
  return thing
}

const isSame = (members: ReadonlySet<string>, people: readonly User[]): boolean =>
  members.size === people.length && people.every(({ id }) => members.has(id))

const domainOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
