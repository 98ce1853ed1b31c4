import ipaddr from 'ipaddr.js'

/**
 * Whether an address lies in the open Internet: not this machine, not a private network, not link-local (where clouds
 * keep their metadata), nor any other range that IANA has set apart. IPv4 inside IPv6 is judged as IPv4.
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

/** The address that a URL's host names outright; `undefined` where the host is a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(bare) ? bare : undefined
}
