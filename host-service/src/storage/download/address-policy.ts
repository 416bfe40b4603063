import ipaddr from 'ipaddr.js';

/** IPv6 addresses that stand for an IPv4 one behind a translator (RFC 6052, §2.1): the host's DNS64 makes them. */
const NAT64: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];
/** All of IPv6 that is routed between networks (RFC 4291, §2.4, as IANA has assigned it). */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * Which addresses the host fetches from. A person who may import an image must not be able to make the host talk to
 * itself, to its neighbours or to its cloud's metadata service; what the configuration allows is excepted.
 */
export class AddressPolicy {
  readonly #allowed: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

  /** `allowed`: address ranges such as `10.0.0.0/8` that are permitted although they are not public. */
  constructor(allowed: readonly string[]) {
    this.#allowed = allowed.map((range) => ipaddr.parseCIDR(range));
  }

  /** Whether to connect to an address as text, without brackets. What is no IP address is not permitted. */
  permits(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const meant = translate(ipaddr.process(address));
    return (
      isPublic(meant) || this.#allowed.some((range) => meant.kind() === range[0].kind() && meant.match(range))
    );
  }
}

function translate(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4 || !address.match(NAT64)) return address;
  return new ipaddr.IPv4(address.toByteArray().slice(-4));
}

/** Neither private, loopback, link-local, multicast, documentation … nor one that tunnels to such. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}
