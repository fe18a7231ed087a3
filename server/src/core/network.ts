/** What limits count: an IPv4 address, or the /64 that an IPv6 customer has to send from. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  const missing = 8 - groups.length - (tail === undefined ? 0 : tail.split(':').length);
  const filled = tail === undefined ? groups : [...groups, ...Array(missing).fill('0')];
  return filled.slice(0, 4).join(':');
}
