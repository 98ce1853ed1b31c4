import { redirect } from '@sveltejs/kit'
import { goto } from '$app/navigation'
import { ApiError, sessionEnd } from '#lib/api/client.ts'
import { loginAddress } from './returnTo.ts'
import { session } from './session.svelte.ts'

/** Nothing is shown before the server has said who is signed in; whoever is not signs in first and comes back. */
export async function loadSession({ url }: { url: URL }): Promise<{ problem: unknown }> {
  sessionEnd.handler = () => goto(loginAddress(location))
  if (!session.mayExist()) redirect(303, loginAddress(url))
  const problem = await session.load().then(
    () => undefined,
    (error: unknown) => error,
  )
  if (problem instanceof ApiError && problem.status === 401) redirect(303, loginAddress(url))
  return { problem }
}
