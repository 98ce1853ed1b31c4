import { z } from 'zod'
import type { AnyOperation } from './operation.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

interface Route {
  readonly method: Method
  /** Below the API's root, with `{id}` where the thing's id stands. */
  readonly path: string
}

const methods: Readonly<Record<string, Method>> = {
  list: 'GET',
  get: 'GET',
  create: 'POST',
  update: 'PATCH',
  delete: 'DELETE',
}

/** Where outsiders call an operation: its own address under `public`, with the key where the id stands. */
export function publicRouteOf(operation: AnyOperation): Route {
  const { method, path } = routeOf(operation)
  return { method, path: `/public${path.replace('{id}', '{key}')}` }
}

/**
 * The address of an operation follows from its name; the standard verbs are resourceful, any other is a POST.
 * A thing that there is one of (its `get` takes no id) stands at the resource's own address.
 */
export function routeOf({ domain, resource, verb, input }: AnyOperation): Route {
  const one = input instanceof z.ZodObject && 'id' in input.shape
  const address = `/${domain}/${resource}${one ? '/{id}' : ''}`
  const method = methods[verb]
  return method ? { method, path: address } : { method: 'POST', path: `${address}/${verb}` }
}
