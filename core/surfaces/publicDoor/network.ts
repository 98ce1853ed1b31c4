import ipaddr from 'ipaddr.js'

/**
 * What is kept of an address: the network it is in, 256 addresses of IPv4 or a site of IPv6 (/48), so that it tells
 * nobody's household (the Danish Data Protection Agency counts a whole address as personal data).
 */
export function networkOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.process(address)
  const bits = parsed.kind() === 'ipv4' ? 24 : 48
  const network =
    parsed.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${parsed.toString()}/${bits}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${bits}`)
  return `${network.toString()}/${bits}`
}
