export { createCore, type Core, type CoreParts } from './core.ts'
export { readConfig, ConfigFault, type Config } from './config.ts'
export type {
  AgentEvent,
  AgentIdentity,
  AgentPort,
  AgentTurn,
  PastMessage,
} from './conversations/agentPort.ts'
export { eventsOf } from './conversations/eventQueue.ts'
export { createConversations, talkPermission, type Conversations } from './conversations/conversations.ts'
export { readInbound, type InboundText } from './conversations/inbound.ts'
export { callsOf, unpackedCalls, type KeptCalls } from './conversations/keptCalls.ts'
export type { CallRecord, Inbound, Overheard, ReplyEvent, TurnEvent } from './conversations/turn.ts'
export { prepareDatabase, coreMigrations, type MigrationSource } from './database/migrate.ts'
export { DatabaseFault } from './database/databaseFault.ts'
export { requireBoundLogin } from './database/roles.ts'
export { startEmbedded, StartupFault, type EmbeddedServer } from './database/embedded/index.ts'
export { foundCompany, readFounding } from './founding/founding.ts'
export { demoPassword, demoPeople, furnishDemo } from './demo.ts'
export {
  authPaths,
  createIdentity,
  incomingOf,
  registerAuthRoutes,
  registerOAuthRoutes,
  type Identity,
} from './identity/index.ts'
export { registerMcp } from './surfaces/mcp/routes.ts'
export { livePaths } from './surfaces/stream/documentation.ts'
export { registerLive } from './surfaces/stream/routes.ts'
export type { Hint } from './live/hint.ts'
export type { Live } from './live/live.ts'
export { ownAddress } from './ownAddress.ts'
export { registerBootstrap } from './surfaces/bootstrap.ts'
export { createHealthServer, createServer } from './surfaces/server.ts'
export { registerWeb } from './surfaces/web.ts'
export { openDatabase, type Database } from './database/database.ts'
export { packingOf } from './database/packedText.ts'
export { identifier, join, prepared, raw, sql, unhurried, type Raw, type Statement } from './database/sql.ts'
export { coreErrors, defineErrors, fail, fault, Fault, type ErrorTable } from './errors.ts'
export { eventType, type EventType } from './events/event.ts'
export { eventReference } from './events/reference.ts'
export { subscription, type Occurrence, type Subscription } from './events/subscription.ts'
export type { EnqueueOptions } from './jobs/enqueue.ts'
export type { Jobs, JobsListener } from './jobs/jobs.ts'
export { openJobStore, requireKeepingStore } from './jobs/openStore.ts'
export type { JobChange } from './jobs/changes.ts'
export { job, type Job, type Progress, type Schedule } from './jobs/job.ts'
export {
  formatMessage,
  isLocale,
  localeFrom,
  saying,
  locales,
  sentence,
  type Locale,
  type Sentence,
} from './language.ts'
export { oncePer } from './oncePer.ts'
export { createLogger, type Logger } from './observability/log.ts'
export { personOf, type Actor, type Catalogue, type Clock, type Origin, type OutsideContext, type ReadContext, type Tenant, type WriteContext } from './operations/context.ts' // prettier-ignore
export type { AgentRules } from './operations/agentRules.ts'
export { broughtOperation, type Brought, type BroughtParts } from './operations/brought.ts'
export type { Caller } from './operations/caller.ts'
export { permissionsMatching } from './identity/permissions.ts'
export { fileInput, fileOutput, type IncomingFile, type OutgoingFile } from './operations/file.ts'
export type { Invoke } from './operations/invoke.ts'
export { inputSchema, outputSchema, referenceSentence, toolDescription, type JsonSchema } from './operations/jsonSchema.ts' // prettier-ignore
export { PublicForm, publicFieldKinds } from './operations/publicForm.ts'
export type { PublicKeyed } from './operations/publicKey.ts'
export type { ApprovalNotice, PlaceApprovers } from './operations/approval.ts'
export { operationName, toolName } from './operations/name.ts'
export { operation, type AnyOperation, type Effect, type InputOf, type Operation, type OutputOf } from './operations/operation.ts' // prettier-ignore
export type { Outcome } from './operations/outcome.ts'
export { settings, type Settings, type SettingsOf } from './settings/settings.ts'
export { plugin, type DemoCompany, type LocaleFile, type Plugin } from './operations/plugin.ts'
export { createRegistry, type Registry } from './operations/registry.ts'
export type { Words } from './operations/words.ts'
export { byCreation, byName, byTitle, colleagueName } from './resources/expressions.ts'
export {
  Colleague,
  ComingDay,
  Currency,
  Day,
  Line,
  Moment,
  PastMoment,
  tracked,
  Version,
} from './resources/fields.ts'
export { deleteOperation } from './resources/deleting.ts'
export { getOperation, idOf, listOperation, mostCounted } from './resources/reads.ts'
export {
  filter,
  itemStatement,
  resource,
  type Filter,
  type Resource,
  type Sort,
} from './resources/resource.ts'
export {
  changed,
  created,
  expected,
  inOrder,
  present,
  removed,
  requireColleague,
  sent,
  show,
} from './resources/writing.ts'
export { dateAfter, workingMoment } from './furnishing/calendar.ts'
export { chanceFrom, type Chance } from './furnishing/chance.ts'
export { insertRows } from './furnishing/rows.ts'
export { domainOf, Email, isPublicMailDomain, notAnEmail, parseEmail } from './values/email.ts'
export { parsePhone, Phone, unknownPhone } from './values/phone.ts'
export { refuse } from './values/refuse.ts'
export { longText, oneLine, severalLines, shortText, textFault } from './values/text.ts'
export type { Authenticate, Authenticated } from './surfaces/authentication.ts'
export { errorBody, type ErrorBody } from './surfaces/errors.ts'
export { createLifecycle, stopOnSignals, type Lifecycle } from './lifecycle.ts'
export { createReadiness } from './observability/readiness.ts'
export { startTracing } from './observability/tracing.ts'
export { smooth, type Destination, type Egress } from './egress/index.ts'
export type { Place, TenantVault, Vault } from './vault/index.ts'
export { BoundedMap } from './identity/boundedMap.ts'
export { rememberUnderMark, type Mark, type ReadUnderMark } from './database/underMark.ts'
export { budgetWarning } from './usage/budgetFault.ts'
export type { Account, BudgetWarning, ModelUse, PlannedCall, Pricing, TokenPrice } from './usage/call.ts'
export type { OpenCall, UsageMeter } from './usage/meter.ts'
export { keepUsage } from './usage/upkeep.ts'
export { isStartFault, listenFault } from './startFault.ts'
