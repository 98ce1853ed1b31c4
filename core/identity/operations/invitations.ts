import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { raw, sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import { personOf, type WriteContext } from '../../operations/context.ts'
import { operation, type AnyOperation } from '../../operations/operation.ts'
import { listOperation } from '../../resources/reads.ts'
import { filter, itemStatement, resource } from '../../resources/resource.ts'
import { hashToken, makeToken } from '../opaqueToken.ts'
import { roles } from '../roles.ts'
import { normalEmail } from '../signIn.ts'
import { requireOwner } from './actor.ts'

const statuses = ['open', 'accepted', 'expired'] as const
const status = `CASE WHEN t.accepted_at IS NOT NULL THEN 'accepted' WHEN t.expires_at <= now() THEN 'expired' ELSE 'open' END`
const validDays = 14

const Invitation = z.object({
  id: z.uuid(),
  email: z.string(),
  role: z.enum(roles),
  status: z.enum(statuses),
  invitedBy: z.uuid().nullable(),
  expiresAt: z.iso.datetime({ offset: true }),
  acceptedAt: z.iso.datetime({ offset: true }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  version: z.int(),
})

const invitations = resource({
  table: 'platform.invitation_list',
  item: Invitation,
  fields: { status: raw(status) },
  filters: { status: filter(z.enum(statuses), (wanted) => sql`${raw(status)} = ${wanted}`) },
  sorts: { createdAt: { expression: raw('t.created_at'), type: 'timestamptz' } },
  defaultSort: '-createdAt',
})

const listInvitations = listOperation(invitations, {
  name: 'platform.invitations.list',
  summary: 'List the invitations to the company',
})

/** It lets somebody from outside in, so an agent asks first. */
const createInvitation = operation({
  name: 'platform.invitations.create',
  summary: 'Invite somebody to the company; answers the token that accepts the invitation, once',
  effect: 'send',
  input: z.strictObject({
    email: z.email().max(254).meta({ kind: 'email', sink: 'recipient' }),
    role: z.enum(roles).default('employee'),
  }),
  output: Invitation.extend({ token: z.string().meta({ secret: true }) }),
  async run({ email: asked, role }, context) {
    const email = normalEmail(asked)
    if (role === 'owner') await requireOwner(context)
    await refuseMember(context, email)
    const [id, token, now] = [uuidv7(), makeToken('inv'), context.clock.now()]
    const expires = new Date(now.getTime() + validDays * 86_400_000)
    await context.query(sql`DELETE FROM platform.invitations
      WHERE tenant_id = ${context.tenant.id} AND email = ${email} AND accepted_at IS NULL`)
    await context.query(sql`
      INSERT INTO platform.invitations (tenant_id, id, email, role, token_hash, invited_by, expires_at, created_at, updated_at)
      VALUES (${context.tenant.id}, ${id}, ${email}, ${role}, ${hashToken(token)}, ${personOf(context.actor) ?? null},
        ${expires}, ${now}, ${now})`)
    return { ...(await invitationById(context, id)), token }
  },
})

const deleteInvitation = operation({
  name: 'platform.invitations.delete',
  summary: 'Take back an invitation that nobody has accepted',
  effect: 'write',
  input: z.strictObject({ id: z.uuid().meta({ refers: 'platform.invitations' }) }),
  output: z.object({ id: z.uuid(), email: z.string() }),
  async run({ id }, context) {
    const { email } = await invitationById(context, id)
    const gone = await context.query(sql`DELETE FROM platform.invitations
      WHERE tenant_id = ${context.tenant.id} AND id = ${id} AND accepted_at IS NULL RETURNING id`)
    return gone.length > 0 ? { id, email } : fail('conflict', { reason: accepted })
  },
})

export const invitationOperations = (): AnyOperation[] => [
  listInvitations,
  createInvitation,
  deleteInvitation,
]

/** Only this company's members are looked at: whether another one knows the email does not show. */
async function refuseMember(context: WriteContext, email: string): Promise<void> {
  const found = await context.query(sql`SELECT 1 FROM platform.memberships
    WHERE tenant_id = ${context.tenant.id} AND email = ${email} AND ended_at IS NULL`)
  if (found.length > 0) fail('already_exists', { what: email })
}

async function invitationById(context: WriteContext, id: string): Promise<z.output<typeof Invitation>> {
  const [row] = await context.query<{ json: string }>(itemStatement(invitations, id))
  return row ? Invitation.parse(JSON.parse(row.json)) : fail('not_found')
}

const accepted = {
  da: 'invitationen er allerede accepteret. Fjern personen fra firmaet i stedet.',
  en: 'the invitation has been accepted. Remove the person from the company instead.',
}
