import { removeCardNumbers } from 'payos-contract';
import type { OnCardData } from '../core/card-data.ts';
import { clock } from '../core/clock.ts';
import type { Database } from '../core/db.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { jitter } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';
import { sealedFor } from './enqueue-mail.ts';
import type { Letter } from './letter.ts';
import { writeLetter } from './letters.ts';
import { type ClaimedMail, claimDue, dropUnsent, finish, postpone } from './queue.ts';
import { renderHtml, renderText } from './render.ts';
import {
  describeFailure,
  type Failure,
  isOneAddress,
  openTransport,
  type SendMessage,
  type Smtp,
} from './transport.ts';

type MailSenderOptions = {
  db: Database;
  sealer: Sealer;
  metrics: Metrics;
  log: Log;
  /** Told of card numbers that were taken out of mails. */
  onCardData: OnCardData;
  /** PAYOS_PUBLIC_URL: where links lead. */
  publicUrl: string;
  /** Undefined where no mail can be sent. */
  smtp: Smtp | undefined;
};

const atOnce = 5;
/** Waits between tries, in seconds; the last one again and again until a day has passed. */
const waits = [5, 30, 120, 600, 1800, 3600];

/**
 * The worker's job that sends what is due. A mail is sent once, unless the mail server takes it and
 * its answer is lost.
 */
export async function mailSender(options: MailSenderOptions): Promise<() => Promise<void>> {
  const { db, smtp, publicUrl } = options;
  const send = smtp === undefined ? undefined : await openTransport(smtp, publicUrl);
  return async () => {
    if (send === undefined) return dropUnsent(db);
    for (;;) {
      const claimed = await claimDue(db, atOnce);
      await Promise.all(claimed.map((mail) => sendOne(options, send, mail)));
      if (claimed.length < atOnce) return;
    }
  };
}

async function sendOne(
  options: MailSenderOptions,
  send: SendMessage,
  mail: ClaimedMail,
): Promise<void> {
  const { db, log, metrics } = options;
  const { id, template, attempts } = mail;
  const failure = await attempt(options, send, mail);
  const outcome = failure === undefined ? 'sent' : failure.final ? 'failed' : 'postponed';
  if (failure === undefined) await finish(db, mail, 'sent', null);
  else if (failure.final) await finish(db, mail, 'failed', failure.error);
  else await postpone(db, mail, waitOf(attempts), failure.error);
  metrics.mails.inc({ template, outcome });
  const level = outcome === 'sent' ? 'info' : outcome === 'failed' ? 'error' : 'warn';
  log[level]({ mail: id, template, outcome, attempts, words: failure?.error }, 'a mail');
}

async function attempt(
  options: MailSenderOptions,
  send: SendMessage,
  { id, recipient, template, data_sealed, late }: ClaimedMail,
): Promise<Failure | undefined> {
  const { sealer, publicUrl } = options;
  if (late) return { error: 'too_late', final: true };
  if (!isOneAddress(recipient)) return { error: 'address_refused', final: true };
  let letter: Letter;
  try {
    const data = JSON.parse(sealer.open(data_sealed, sealedFor, id).toString());
    // A link that no longer works helps nobody.
    if (Date.parse(data.expiresAt ?? '') < clock.nowMs()) {
      return { error: 'link_expired', final: true };
    }
    letter = writeLetter(template, data, publicUrl);
  } catch {
    return { error: 'unreadable', final: true };
  }
  try {
    const clean = (text: string) => withoutCards(text, template, options);
    const [text, html] = [clean(renderText(letter)), clean(renderHtml(letter))];
    await send({ id, to: recipient, subject: clean(letter.subject), text, html });
    return undefined;
  } catch (error) {
    return describeFailure(error);
  }
}

/**
 * What is most likely a card number leaves in no mail. It closes no card gate: names, devices and
 * addresses in mails are the words of whoever knocks.
 */
function withoutCards(
  given: string,
  template: string,
  { metrics, log, onCardData }: MailSenderOptions,
): string {
  const { text, found: count } = removeCardNumbers(given);
  if (count === 0) return text;
  const stream = 'mail';
  metrics.cardDataFound.inc({ stream }, count);
  log.error({ stream, count, template }, 'card data was found and removed');
  onCardData({ stream, place: template, count, isIncident: false });
  return text;
}

/** Some more or less than the wait of this try, so that what failed together comes back apart. */
function waitOf(attempts: number): number {
  const wait = waits[Math.min(attempts, waits.length) - 1] ?? 0;
  return wait * (0.8 + 0.4 * jitter());
}
