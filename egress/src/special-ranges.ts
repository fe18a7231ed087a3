/**
 * Addresses that nobody outside may make us talk to, from the IANA IPv4 and IPv6 special-purpose
 * address registries (RFC 6890 and its updates), multicast and reserved space included.
 */
export const refusedIpv4 = [
  '0.0.0.0/8', // this network (RFC 791)
  '10.0.0.0/8', // private (RFC 1918)
  '100.64.0.0/10', // carrier-grade NAT (RFC 6598)
  '127.0.0.0/8', // loopback (RFC 1122)
  '169.254.0.0/16', // link-local, and the metadata service of most clouds (RFC 3927)
  '172.16.0.0/12', // private (RFC 1918)
  '192.0.0.0/24', // protocol assignments (RFC 6890)
  '192.0.2.0/24', // documentation (RFC 5737)
  '192.88.99.0/24', // 6to4 relays, deprecated (RFC 7526)
  '192.168.0.0/16', // private (RFC 1918)
  '198.18.0.0/15', // benchmarking (RFC 2544)
  '198.51.100.0/24', // documentation (RFC 5737)
  '203.0.113.0/24', // documentation (RFC 5737)
  '224.0.0.0/4', // multicast (RFC 5771)
  '240.0.0.0/4', // reserved, and broadcast (RFC 1112, RFC 919)
  '168.63.129.16/32', // not special to IANA: the host agent of Azure's machines
] as const;

/** Only 2000::/3 is given out as global unicast (RFC 4291), so all the rest is refused. */
export const refusedIpv6 = [
  '::/3', // unspecified, loopback, IPv4-mapped, NAT64 (RFC 6052, RFC 8215), discard (RFC 6666)
  '4000::/2', // unassigned, and segment routing (RFC 9602)
  '8000::/1', // unassigned; unique local (RFC 4193), link-local, multicast (RFC 4291)
  '2001::/23', // protocol assignments: Teredo, benchmarking, ORCHID (RFC 2928)
  '2001:db8::/32', // documentation (RFC 3849)
  '2002::/16', // 6to4: carries any IPv4 address (RFC 3056)
  '3fff::/20', // documentation (RFC 9637)
] as const;
