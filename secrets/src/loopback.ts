/** Whether a host name of a URL is this machine, so that nobody is on the way to it. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
