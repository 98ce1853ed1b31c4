import { effectScopes, scopes } from './scopes.ts'

export const oauthRoot = '/oauth'
/** The page of the dashboard that asks the person. */
const consentPage = '/connect'

/** Authorization server metadata (RFC 8414). The issuer is the origin that the caller knows us by. */
export const serverMetadata = (origin: string) => ({
  issuer: origin,
  authorization_endpoint: `${origin}${consentPage}`,
  token_endpoint: `${origin}${oauthRoot}/token`,
  registration_endpoint: `${origin}${oauthRoot}/register`,
  revocation_endpoint: `${origin}${oauthRoot}/revoke`,
  scopes_supported: scopes,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_methods_supported: ['none'],
  revocation_endpoint_auth_methods_supported: ['none'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
  client_id_metadata_document_supported: true,
})

export const resourceOf = (origin: string): string => `${origin}/mcp`

/** Protected resource metadata (RFC 9728) of `/mcp`. */
export const resourceMetadata = (origin: string) => ({
  resource: resourceOf(origin),
  resource_name: 'TekUp',
  authorization_servers: [origin],
  scopes_supported: scopes,
  bearer_methods_supported: ['header'],
})

/** The WWW-Authenticate header of a 401 (RFC 6750, 3; RFC 9728, 5.1): where to ask for a token, and for what. */
export const challenge = (origin: string, error?: 'invalid_token'): string =>
  [
    `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`,
    `scope="${effectScopes.join(' ')}"`,
    ...(error ? [`error="${error}"`] : []),
  ].join(', ')
