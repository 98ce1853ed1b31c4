import type { Team, User } from './state.ts'
import type { Workspace } from './workspace.ts'

/** A small Danish company on a Slack of its own, with a guest, and a customer's person in a shared channel. */
export function furnishNordlys(workspace: Workspace): Team {
  const nordlys = workspace.addTeam('Nordlys')
  const people = peopleOf(workspace, nordlys)
  const havneby = workspace.addTeam('Havneby')
  const stranger = workspace.addUser(havneby, {
    name: 'karen', realName: 'Karen Bech', email: 'karen@havneby.example',
  }) // prettier-ignore
  const guest = workspace.addUser(nordlys, {
    name: 'gitte', realName: 'Gitte Gæst', email: 'gitte@revisor.example', kind: 'guest',
  }) // prettier-ignore
  workspace.addChannel(nordlys, { name: 'general', topic: 'Det, alle skal vide', members: people })
  workspace.addChannel(nordlys, { name: 'kunder', topic: 'Kunder og tilbud', members: [...people, guest] })
  workspace.addChannel(nordlys, {
    name: 'ledelse', kind: 'private', topic: 'Kun ledelsen', members: people.slice(0, 1),
  }) // prettier-ignore
  workspace.addChannel(nordlys, {
    name: 'havneby-tandklinik', topic: 'Delt med Havneby Tandklinik', sharedWith: [havneby],
    members: [...people, stranger],
  }) // prettier-ignore
  return nordlys
}

function peopleOf(workspace: Workspace, team: Team): User[] {
  return [
    { name: 'anna', realName: 'Anna Nordlys', email: 'anna@nordlys.example', isAdmin: true },
    { name: 'mikkel', realName: 'Mikkel Brandt', email: 'mikkel@nordlys.example' },
  ].map((person) => workspace.addUser(team, person))
}
