/** What commands call the fields of API keys and of their rules, where it is another word. */
const options: Readonly<Record<string, string>> = {
  public_key: '--public-key "…"',
  permissions: '--permissions',
  ip_ranges: '--ip-ranges',
  allowed_origins: '--origins',
  amount_limits: '--limit',
  customers: '--customers',
  rate_limit: '--rate-limit',
  expires_at: '--expires',
  overlap_seconds: '--overlap',
  organization: '--organization',
  longest_expiry_days: '--longest-expiry',
  max_age_days: '--max-age',
};

/** A JSON pointer (RFC 6901) as whoever typed a command knows the place. */
export function optionOf(pointer: string): string {
  return options[pointer.split('/')[1] ?? ''] ?? pointer;
}
