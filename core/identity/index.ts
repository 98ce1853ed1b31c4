export { authPaths } from './documentation.ts'
export { createIdentity, type Identity, type IdentityParts, type Me } from './identity.ts'
export { createAccessChanges, type AccessChanges } from './accessChanges.ts'
export type { Authenticated } from './authenticate.ts'
export { bearerOf, type Bearer } from './bearer.ts'
export {
  accessCookie,
  credentialOf,
  refreshCookie,
  requireOwnOrigin,
  type IncomingRequest,
} from './credentials.ts'
export type { NewCompany, NewMember, Provisioned } from './members.ts'
export { requireGoodPassword } from './passwords.ts'
export { permissionsOf, roles, type Role } from './roles.ts'
export { originOf, registerOAuthRoutes } from './oauth/routes.ts'
export { challenge, resourceOf } from './oauth/discovery.ts'
export type { AuthenticatedProgram, Credential } from './oauth/programs.ts'
export { incomingOf, registerAuthRoutes } from './routes.ts'
export type { Device, SignedIn, SignedInPerson, Switched } from './sessions.ts'
export { identityLocales, identityOperations, type IdentityOperationParts } from './operations.ts'
export { personId } from './operations/people.ts'
