export { loadSession as load } from '#lib/session/signedIn.ts'
