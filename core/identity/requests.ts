import { z } from 'zod'

/** What the sign-in addresses take. */
const transport = z.enum(['token', 'cookie']).default('token')
export const Login = z.strictObject({
  email: z.string().max(254),
  password: z.string().max(1_000),
  transport,
})
export const Refresh = z.strictObject({ refreshToken: z.string().max(200).optional() })
export const Switch = z.strictObject({ tenant: z.uuid() })
export const Invitation = z.strictObject({ token: z.string().max(200) })
export const Accept = Invitation.extend({
  name: z.string().trim().min(1).max(200),
  password: z.string().max(1_000),
  transport,
})
