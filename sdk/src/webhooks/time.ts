import { WebhookVerificationError } from './error.ts';

/** A point in time: a date, or whole seconds since 1970 (not milliseconds). */
export type Instant = Date | number;

const toleranceSecondsMax = 86_400;

/** @throws WebhookVerificationError `invalid_option` */
export function toSeconds(name: string, instant: Instant): number {
  const seconds = instant instanceof Date ? Math.floor(instant.getTime() / 1000) : instant;
  if (Number.isInteger(seconds) && seconds >= 0 && seconds < 1e12) return seconds;
  throw invalidOption(`${name} is not a time.`, 'Give a Date or whole seconds since 1970.');
}

/** @throws WebhookVerificationError when the header's time is malformed or too far from `now` */
export function checkTimestamp(header: string, now: number, toleranceSeconds: number): void {
  const valid = Number.isFinite(toleranceSeconds) && toleranceSeconds > 0;
  if (!valid || toleranceSeconds > toleranceSecondsMax) {
    throw invalidOption(
      'toleranceSeconds is wrong.',
      `Give 1 to ${toleranceSecondsMax} seconds. The check against replay cannot be switched off.`,
    );
  }
  if (!/^\d{1,12}$/.test(header)) {
    throw new WebhookVerificationError(
      'invalid_timestamp',
      'The header webhook-timestamp is not a number of seconds.',
      'Pass the header as it arrived.',
    );
  }
  const age = now - Number(header);
  if (Math.abs(age) <= toleranceSeconds) return;
  throw new WebhookVerificationError(
    age > 0 ? 'timestamp_too_old' : 'timestamp_too_new',
    `The webhook is ${Math.abs(age)} seconds ${age > 0 ? 'old' : 'in the future'}.`,
    'Check the clock of this machine. If it is right, somebody may be replaying a request.',
  );
}

function invalidOption(title: string, fix: string): WebhookVerificationError {
  return new WebhookVerificationError('invalid_option', title, fix);
}
