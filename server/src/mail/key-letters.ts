import { facts, type Letter, link, type Part, plain, readable, text } from './letter.ts';
import { pageOf } from './links.ts';
import type { AboutKey, MailData } from './mail-data.ts';

const seen = {
  plain_http: 'over plain HTTP, where everybody on the way can read it',
  leak_report: 'in a public place, by a secret scanner',
  url: 'in a URL, which ends up in logs and histories',
  browser: 'by a page in a browser, where every visitor can read it',
} as const;
const become = {
  flag: 'It still works. Rotate it now: whoever saw it can use it.',
  disable:
    'The rules of your organization switched it off at once. Make a new key, then revoke it.',
  revoke: 'The rules of your organization revoked it at once. What used it needs a new key.',
} as const;

/** Which key a mail is about. */
const aboutKey = ({ organization, key }: AboutKey): Part =>
  facts([
    ['Key', `${plain(key.name)} (${key.hint})`],
    ['Mode', key.mode],
    ['Organization', plain(organization)],
  ]);

const lookAtKey = (publicUrl: string, { key }: AboutKey): Part =>
  link('Look at the key', pageOf(publicUrl, `api-keys/${key.id}`));

/** A key was seen where no secret may be. */
export function exposedLetter(data: MailData['api_key_exposed'], publicUrl: string): Letter {
  return {
    subject: `Your PayOS API key ${plain(data.key.name)} was exposed`,
    parts: [
      text(`Hello ${plain(data.name)},`),
      text(`An API key of ${plain(data.organization)} was seen ${seen[data.how]}.`),
      aboutKey(data),
      facts([
        ['When', readable(data.at)],
        ['Where', data.where && plain(data.where)],
      ]),
      text(become[data.done]),
      lookAtKey(publicUrl, data),
    ],
  };
}

type Made = MailData['api_key_created'] | MailData['api_key_rotated'];

const greet = ({ name }: { name: string }) => text(`Hello ${plain(name)},`);

const madeBy = ({ by, at, device, address }: Made): Part =>
  facts([
    ['By', by === undefined ? 'whoever runs this PayOS installation' : plain(by)],
    ['When', readable(at)],
    ['Device', device && plain(device)],
    ['Address', address],
  ]);

const notExpected = text(
  'If nobody of you did this, revoke the key at once, and tell an owner of the organization.',
);

/** A key was made that can move real money. */
export function createdLetter(data: MailData['api_key_created'], publicUrl: string): Letter {
  return {
    subject: `A live PayOS API key was made: ${plain(data.key.name)}`,
    parts: [
      greet(data),
      text(`An API key of live mode was made for ${plain(data.organization)}.`),
      aboutKey(data),
      madeBy(data),
      notExpected,
      lookAtKey(publicUrl, data),
    ],
  };
}

/** A key was given a successor: both work for a while. */
export function rotatedLetter(data: MailData['api_key_rotated'], publicUrl: string): Letter {
  return {
    subject: `A live PayOS API key was rotated: ${plain(data.key.name)}`,
    parts: [
      greet(data),
      text(
        `An API key of ${plain(data.organization)} has a successor with the same rights. The old ` +
          `one works until ${readable(data.retiresAt)}: by then, what uses it needs the new one.`,
      ),
      aboutKey(data),
      facts([['Successor', data.successor]]),
      madeBy(data),
      notExpected,
      lookAtKey(publicUrl, data),
    ],
  };
}

/** A key ends soon, or is to be replaced soon. */
export function expiringLetter(data: MailData['api_key_expiring'], publicUrl: string): Letter {
  const { ends, at, key } = data;
  const what = ends === 'expiry' ? 'ends' : 'is due to be replaced';
  const organization = plain(data.organization);
  const words =
    ends === 'expiry'
      ? `An API key of ${organization} stops working on ${readable(at)}.`
      : `By the rules of ${organization} an API key is to be replaced by ${readable(at)}.`;
  return {
    subject: `Your PayOS API key ${plain(key.name)} ${what} soon`,
    parts: [
      greet(data),
      text(words),
      aboutKey(data),
      text('Rotate it: both keys work for up to seven days, so that nothing has to stop.'),
      lookAtKey(publicUrl, data),
    ],
  };
}

/** A key is older than the rules allow. */
export function overdueLetter(data: MailData['api_key_overdue'], publicUrl: string): Letter {
  const frozen = data.frozen ? ', but gets no further permissions' : '';
  return {
    subject: `Your PayOS API key ${plain(data.key.name)} is overdue`,
    parts: [
      greet(data),
      text(
        `By the rules of ${plain(data.organization)} an API key was to be replaced by ` +
          `${readable(data.at)}. It still works${frozen}.`,
      ),
      aboutKey(data),
      text('Rotate it: both keys work for up to seven days, so that nothing has to stop.'),
      lookAtKey(publicUrl, data),
    ],
  };
}
