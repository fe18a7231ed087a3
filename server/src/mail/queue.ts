import { type Database, run, statement } from '../core/db.ts';

/** How long a mail is tried, in hours from when it was written. */
const triedHours = 24;
/** How long the record of a mail is kept, in days. */
const keptDays = 30;

/** Longer than handing over a mail can take. */
const leaseSeconds = 120;

const dropMails = statement(
  'mails.drop',
  `DELETE FROM mails WHERE status = 'pending' AND next_attempt_at <= now()`,
);
const claimMails = statement(
  'mails.claim',
  `UPDATE mails SET attempts = attempts + 1,
     next_attempt_at = now() + interval '${leaseSeconds} seconds'
   WHERE id IN (
     SELECT id FROM mails WHERE status = 'pending' AND next_attempt_at <= now()
     ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
   RETURNING id, recipient, template, data_sealed, attempts,
     created_at < now() - interval '${triedHours} hours' AS late`,
);
const finishMail = statement(
  'mails.finish',
  `UPDATE mails SET status = $3, error = $4, data_sealed = NULL, finished_at = now()
   WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
);
const postponeMail = statement(
  'mails.postpone',
  `UPDATE mails SET next_attempt_at = now() + $3 * interval '1 second', error = $4
   WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
);
const sweepMails = statement(
  'mails.sweep',
  `DELETE FROM mails WHERE id IN (
     SELECT id FROM mails WHERE created_at < now() - interval '${keptDays} days'
     ORDER BY created_at LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
);

export type ClaimedMail = {
  id: string;
  recipient: string;
  template: string;
  data_sealed: Buffer;
  /** This try is the nth; what another worker claims meanwhile has a higher one. */
  attempts: number;
  /** It was to be given up by now. */
  late: boolean;
};

/** Removes what waits: where no mail can be sent, it would wait for ever. */
export async function dropUnsent(db: Database): Promise<void> {
  await run(db.write, dropMails);
}

/** Takes mails that are due; until the lease ends no other worker takes them. */
export function claimDue(db: Database, limit: number): Promise<ClaimedMail[]> {
  return run<ClaimedMail>(db.write, claimMails, [limit]);
}

/** Ends a mail and wipes what it said. */
export async function finish(
  db: Database,
  { id, attempts }: ClaimedMail,
  status: 'sent' | 'failed',
  error: string | null,
): Promise<void> {
  await run(db.write, finishMail, [id, attempts, status, error]);
}

/** Lets a mail be tried again after `seconds`. */
export async function postpone(
  db: Database,
  { id, attempts }: ClaimedMail,
  seconds: number,
  error: string,
): Promise<void> {
  await run(db.write, postponeMail, [id, attempts, seconds, error]);
}

/** Removes records older than {@link keptDays}, some at a time. */
export async function sweep(db: Database): Promise<void> {
  await run(db.write, sweepMails);
}
