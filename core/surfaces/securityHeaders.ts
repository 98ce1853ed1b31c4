import helmet from '@fastify/helmet'
import { fastify } from 'fastify'

/** What an answer may load where it says nothing else: nothing from anywhere but here. */
const contentPolicy = {
  'default-src': ["'self'"],
  'base-uri': ["'none'"],
  'connect-src': ["'self'"],
  'font-src': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
}

const ofEveryAnswer = new Set(['connection', 'content-length', 'content-type', 'date'])

/** What helmet sets, asked for once: it makes the same headers anew for every answer, and they never differ. */
export async function securityHeaders(): Promise<Record<string, string>> {
  const asked = fastify()
  await asked.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentPolicy },
  })
  asked.get('/', async () => '')
  const { headers } = await asked.inject('/')
  await asked.close()
  return Object.fromEntries(
    Object.entries(headers as Record<string, string>).filter(([name]) => !ofEveryAnswer.has(name)),
  )
}
