import { api } from '#lib/api/client.ts'
import type { Session } from '#lib/api/types.ts'
import { locale } from '#lib/messages/index.ts'

let current = $state<Session>()

/** Who is signed in, to which company. Only pages behind sign-in read it. */
export const session = {
  get current(): Session {
    if (!current) throw new Error('Nobody is signed in: this page belongs behind the sign-in check of (app).')
    return current
  },
  /** Asks the server once per visit; throws an ApiError with status 401 when nobody is signed in. */
  async load(): Promise<Session> {
    current ??= await api<Session>('/auth/me')
    locale.suggest(current.person.locale)
    return current
  },
  async signIn(email: string, password: string) {
    await api('/auth/login', { method: 'POST', body: { email, password, transport: 'cookie' } })
    current = undefined
  },
  /** Makes the reader a member of the company that invited them, signed in to it. */
  async accept(invitation: { token: string; name: string; password: string }) {
    await api('/auth/accept', { method: 'POST', body: { ...invitation, transport: 'cookie' } })
    current = undefined
  },
  /** Ends the session and forgets all that this tab holds of the company, by loading the page anew. */
  async signOut() {
    await api('/auth/logout', { method: 'POST', body: {} })
    sessionStorage.clear()
    location.assign('/login')
  },
  /** The whole page is loaded anew, so that nothing of the other company stays in this tab. */
  async switchTenant(tenant: string) {
    await api('/auth/switch', { method: 'POST', body: { tenant } })
    location.assign('/')
  },
  may(permission: string): boolean {
    return current?.permissions.includes(permission) ?? false
  },
}
