import { facts, type Letter, link, plain, readable, text } from './letter.ts';
import { pageOf } from './links.ts';
import type { MailData } from './mail-data.ts';

type Data = MailData['card_gate'];

const subjects: Record<Data['what'], string> = {
  requested: 'Somebody asks to open the card gate of',
  approved: 'The card gate was opened for',
  rejected: 'Nobody opened the card gate of',
  closed: 'The card gate was closed for',
  expiring: 'The card gate closes soon for',
  expired: 'The card gate has closed by itself for',
};
const words: Record<Data['what'], string> = {
  requested: 'It stays closed until somebody else who may decide on it approves.',
  approved: 'If you did not expect this, close it at once: that needs no second person.',
  rejected: 'The request was refused. The gate is as it was.',
  closed: 'To open it again, one person has to ask and another to approve.',
  expiring: 'Ask for it again with the next attestation, or what uses it will be refused then.',
  expired: 'What used it is refused from now on.',
};
const incident =
  'PayOS closed it by itself, because of an incident. Look into it first: which key it was, and ' +
  'which cards were read. What was let through before is refused from now on.';

/** The card gate of live mode was touched, or will close by itself. */
export function cardGateLetter(data: Data, publicUrl: string): Letter {
  const { what, scopes, until, reason, cause } = data;
  const isIncident = cause !== null && cause !== 'person';
  const opens = [
    scopes.raw_cards ? ['card numbers from servers'] : [],
    scopes.reveal ? ['reading stored card numbers'] : [],
  ];
  const organization = plain(data.organization);
  return {
    subject: `${subjects[what]} ${organization} on PayOS`,
    parts: [
      text(`Hello ${plain(data.name)},`),
      text(`${subjects[what]} ${organization}, in live mode. ${words[what]}`),
      ...(isIncident ? [text(incident)] : []),
      facts([
        ['For', opens.flat().join(', ')],
        ['Attestation until', readable(until)],
        ['Reason', reason === null ? undefined : plain(reason)],
      ]),
      link('Look at the card gate', pageOf(publicUrl, 'card-gate')),
    ],
  };
}
