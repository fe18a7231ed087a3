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
