import { redirect } from '@sveltejs/kit'
import { goto } from '$app/navigation'
import { ApiError, sessionEnd } from '#lib/api/client.ts'
import { loginAddress } from '#lib/session/returnTo.ts'
import { session } from '#lib/session/session.svelte.ts'

/** Nothing behind here is shown before the server has said who is signed in. */
export async function load({ url }) {
  sessionEnd.handler = () => goto(loginAddress(location))
  if (!session.mayExist()) redirect(303, loginAddress(url))
  const problem = await session.load().then(
    () => undefined,
    (error: unknown) => error,
  )
  if (problem instanceof ApiError && problem.status === 401) redirect(303, loginAddress(url))
  return { problem }
}
