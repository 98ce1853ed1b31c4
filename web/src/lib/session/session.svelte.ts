import { api } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Session } from '#lib/api/types.ts'
import { locale } from '#lib/messages/index.ts'

let current = $state<Session>()
const refreshes = new Latest()

/** Says that this browser has signed in, by whatever way; never who, and it opens nothing. */
const marker = 'tekup-signed-in'

/** Who is signed in, to which company. Only pages behind sign-in read it. */
export const session = {
  get current(): Session {
    if (!current) throw new Error('Nobody is signed in: this page belongs behind the sign-in check of (app).')
    return current
  },
  /** Whether asking the server makes sense: a browser that never signed in need not be refused to know it. */
  mayExist(): boolean {
    try {
      return localStorage.getItem(marker) !== null
    } catch {
      return true
    }
  },
  /** Asks the server once per visit; throws an ApiError with status 401 when nobody is signed in. */
  async load(): Promise<Session> {
    if (!current) {
      current = await api<Session>('/auth/me')
      mark()
    }
    locale.suggest(current.person.locale)
    return current
  },
  async signIn(email: string, password: string) {
    await api('/auth/login', { method: 'POST', body: { email, password, transport: 'cookie' } })
    current = undefined
    mark()
  },
  /** Makes the reader a member of the company that invited them, signed in to it. */
  async accept(invitation: { token: string; name: string; password: string }) {
    await api('/auth/accept', { method: 'POST', body: { ...invitation, transport: 'cookie' } })
    current = undefined
    mark()
  },
  /** Ends the session and forgets all that this tab holds of the company, by loading the page anew. */
  async signOut() {
    await api('/auth/logout', { method: 'POST', body: {} })
    sessionStorage.clear()
    localStorage.removeItem(marker)
    location.assign('/login')
  },
  /** The whole page is loaded anew, so that nothing of the other company stays in this tab. */
  async switchTenant(tenant: string) {
    await api('/auth/switch', { method: 'POST', body: { tenant } })
    location.assign('/')
  },
  /**
   * Asks again what the reader may do and what the company has switched on; what stood before stays where that fails, and
   * where nothing has changed: else a page would be read anew, and one of a thing that is not there without end.
   */
  async refresh() {
    const isLatest = refreshes.ask()
    const now = await api<Session>('/auth/me').catch(() => current)
    if (isLatest() && JSON.stringify(now) !== JSON.stringify(current)) current = now
  },
  /** Whether the company has a part of TekUp switched on. */
  has(part: string): boolean {
    return current?.domains.includes(part) ?? false
  },
  may(permission: string): boolean {
    return current?.permissions.includes(permission) ?? false
  },
}

function mark() {
  try {
    localStorage.setItem(marker, 'yes')
  } catch {
    // Storage may be shut off; the server is then asked each time.
  }
}
