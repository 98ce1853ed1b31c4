import { fault, type Fault } from '../errors.ts'
import { isDomainOn } from '../operations/domain.ts'
import type { Registry } from '../operations/registry.ts'
import type { Authenticated } from '../surfaces/authentication.ts'

/** `crm.contacts`, one thing of it (`crm.contacts/<id>`), or `*`: whatever the reader may read. */
export type Topic = string

export const everything: Topic = '*'

export interface Topics {
  /** Why this reader may not follow the topic; nothing where they may. */
  refuse(topic: Topic, who: Authenticated): Fault | undefined
  /** Whether this reader may know that something happened to a resource: what `list` and `get` ask too. */
  mayRead(resource: string, who: Authenticated): boolean
}

export function createTopics({ operations }: Pick<Registry, 'operations'>): Topics {
  const readable = new Set(
    operations
      .filter(({ permission }) => permission.endsWith(':read'))
      .map(({ permission }) => permission.slice(0, -':read'.length)),
  )
  const isOn = (resource: string, who: Authenticated): boolean =>
    isDomainOn(resource.slice(0, resource.indexOf('.')), who)
  const mayRead = (resource: string, who: Authenticated): boolean =>
    readable.has(resource) && isOn(resource, who) && who.permissions.has(`${resource}:read`)
  return {
    mayRead,
    refuse: (topic, who) => {
      const resource = topic.split('/', 1)[0] as string
      if (topic === everything || mayRead(resource, who)) return undefined
      if (!readable.has(resource) || !isOn(resource, who)) return fault('not_found')
      return fault('forbidden', { permission: `${resource}:read` })
    },
  }
}
