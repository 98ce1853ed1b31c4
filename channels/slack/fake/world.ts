import { EventEmitter } from 'node:events'
import { registerApp, type App, type AppOptions } from './app.ts'
import { createClock, type FakeClock, type Time } from './clock.ts'
import { createDeliveries, type Deliveries } from './deliveries.ts'
import { createIds, type Ids } from './ids.ts'
import { createInstallations, type Installations } from './installations.ts'
import { furnishNordlys } from './nordlys.ts'
import { createSabotage, type Sabotage } from './sabotage.ts'
import { createSockets, type Sockets } from './socketMode.ts'
import type { Fields, Team, User } from './state.ts'
import { createLimits, type Limits } from './tiers.ts'
import { createTriggers, type Triggers } from './triggers.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/** All that a fake Slack knows. Its parts are given the whole, since in Slack everything touches everything. */
export interface World {
  readonly clock: FakeClock
  readonly ids: Ids
  readonly workspace: Workspace
  readonly app: App
  readonly installations: Installations
  readonly limits: Limits
  readonly triggers: Triggers
  readonly deliveries: Deliveries
  readonly sockets: Sockets
  readonly sabotage: Sabotage
  readonly views: Map<string, View>
  readonly sessions: Map<string, Session>
  readonly prompts: Map<string, Fields>
  readonly grants: Map<string, AuthorizationCode>
  /** Steps of workflows that the app was asked to run, and how they ended. */
  readonly executions: Map<string, Execution>
  readonly calls: SeenCall[]
  /** Says `change` when anything that a person could see has changed. */
  readonly changes: EventEmitter
  /** Where this Slack is reached: set once it listens. */
  address: string
}

export interface View {
  readonly id: string
  readonly user: User
  readonly team: Team
  readonly type: 'modal' | 'home'
  readonly rootId: string
  readonly previousId?: string
  readonly triggerFrom?: string
  content: Fields
  hash: string
  isOpen: boolean
}

/** An agent's work in a thread, as Slack shows it: free text of the older method, or a status of the newer one. */
export interface Session {
  readonly channel: string
  readonly threadTs: string
  status: string
  /** The agent's own words, and those that take turns while it works. */
  words: string
  loading: readonly string[]
  title: string
  callOff: () => void
}

export interface AuthorizationCode {
  readonly clientId: string
  readonly redirectUri: string
  readonly team: Team
  readonly user: User
  readonly scopes: readonly string[]
  readonly userScopes: readonly string[]
  readonly orgWide: boolean
  readonly challenge?: string
  readonly at: number
}

export interface Execution {
  state: 'running' | 'succeeded' | 'failed'
  outputs?: Fields
  error?: string
}

export interface SeenCall {
  readonly method: string
  readonly arguments: Fields
  readonly at: number
  answer?: Fields
}

export interface WorldOptions extends AppOptions {
  /** Whether calls beyond a method's tier are refused; yes unless it is said. */
  readonly limits?: boolean
  /** Deliveries an hour and workspace before Slack drops events; its own number unless it is said. */
  readonly deliveriesPerHour?: number
  /** Whether time goes on by itself; it does unless it is said. */
  readonly time?: Time
  /** Milliseconds that the app gets to take what it is told, and to open a modal for a press; three seconds unless it is said. */
  readonly patience?: number
}

/** Milliseconds of patience for a product under test, where the test is of something else: a busy machine is slow, not wrong. */
export const unhurried = 60_000

export function createWorld(options: WorldOptions): World {
  const { deliveriesPerHour: perHour = 30_000, patience = 3000 } = options
  const clock = createClock(options.time)
  const ids = createIds(clock)
  const workspace = createWorkspace(ids)
  furnishNordlys(workspace)
  const app = registerApp(ids, options)
  const sockets = createSockets(app, clock, ids, patience)
  return {
    clock, ids, workspace, app, sockets,
    installations: createInstallations(app, workspace, ids, clock),
    limits: createLimits(clock, options.limits ?? true),
    triggers: createTriggers(clock, ids, patience),
    deliveries: createDeliveries(app, clock, sockets, { perHour, patience }),
    sabotage: createSabotage(),
    views: new Map(), sessions: new Map(), prompts: new Map(), grants: new Map(), executions: new Map(), calls: [],
    changes: new EventEmitter().setMaxListeners(0),
    address: '',
  } // prettier-ignore
}
