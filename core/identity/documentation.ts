import { z } from 'zod'
import { locales } from '../language.ts'
import { schemaOf, type JsonSchema } from '../operations/jsonSchema.ts'
import { roles } from './roles.ts'
import { Accept, Invitation, Login, Refresh, Switch } from './requests.ts'

const text = z.string()
const role = z.enum(roles)
const Tenant = z.object({ id: z.uuid(), name: text })
const Person = z.object({ id: z.uuid(), name: text, email: text, locale: z.enum(locales) })

/** With the transport `cookie` the tokens come as cookies, and are not here. */
export const SignedInAnswer = z.object({
  accessToken: text.optional(),
  refreshToken: text.optional(),
  expiresIn: z.int().describe('Seconds that the access token is good for.'),
  person: Person,
  tenant: Tenant,
})

export const MeAnswer = z.object({
  person: Person,
  tenant: Tenant,
  tenants: z.array(Tenant.extend({ role })),
  role,
  permissions: z.array(text),
  domains: z.array(text),
})

const InvitationAnswer = z.object({ company: text, email: text, role })

const refusal = {
  description: 'Refused or failed, with a code and one sentence.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
}

interface Address {
  readonly id: string
  readonly summary: string
  readonly takes?: z.ZodType
  /** Without one, 204 and no body. */
  readonly answers?: z.ZodType
  /** Whether it is for somebody who is signed in already. */
  readonly signedIn?: true
}

/** The addresses for signing in and out, for the OpenAPI document: they are no operations, so nothing else describes them. */
export const authPaths = {
  '/api/v1/auth/login': post({ id: 'authLogin', summary: 'Sign in with email and password', takes: Login, answers: SignedInAnswer }), // prettier-ignore
  '/api/v1/auth/refresh': post({ id: 'authRefresh', summary: 'Trade a refresh token, once, for new tokens', takes: Refresh, answers: SignedInAnswer }), // prettier-ignore
  '/api/v1/auth/logout': post({ id: 'authLogout', summary: 'End the session at once, everywhere', takes: Refresh }), // prettier-ignore
  '/api/v1/auth/switch': post({ id: 'authSwitch', summary: 'Work in another company that one is a member of', takes: Switch, answers: SignedInAnswer, signedIn: true }), // prettier-ignore
  '/api/v1/auth/invitation': post({ id: 'authInvitation', summary: 'Read an invitation', takes: Invitation, answers: InvitationAnswer }), // prettier-ignore
  '/api/v1/auth/accept': post({ id: 'authAccept', summary: 'Accept an invitation and sign in', takes: Accept, answers: SignedInAnswer }), // prettier-ignore
  '/api/v1/auth/me': { get: described({ id: 'authMe', summary: 'Who one is, and what one may do', answers: MeAnswer, signedIn: true }) }, // prettier-ignore
}

function post(address: Address) {
  return { post: described(address) }
}

function described({ id, summary, takes, answers, signedIn }: Address) {
  return {
    operationId: id,
    tags: ['auth'],
    summary,
    ...(!signedIn && { security: [] }),
    ...(takes && { requestBody: { required: true, content: json(schemaOf(takes, 'input')) } }),
    responses: {
      ...(answers
        ? { 200: { description: 'Done.', content: json(schemaOf(answers, 'output')) } }
        : { 204: { description: 'Done.' } }),
      default: refusal,
    },
  }
}

function json(schema: JsonSchema) {
  return { 'application/json': { schema } }
}
