import { facts, type Letter, link, plain, text } from './letter.ts';
import { pageOf } from './links.ts';
import type { MailData } from './mail-data.ts';

const greet = ({ name }: { name: string }) => text(`Hello ${plain(name)},`);

/** Cards of live mode are to be sent, or may be sent, to another place. */
export function destinationLetter(
  data: MailData['forward_destination'],
  publicUrl: string,
): Letter {
  const organization = plain(data.organization);
  const words = {
    requested: {
      subject: `Somebody asks to send cards of ${organization} to another place`,
      next: 'No card goes there until somebody else who may decide approves.',
    },
    approved: {
      subject: `Cards of ${organization} may be sent to another place`,
      next: 'If you did not expect this, have it removed at once: that needs no second person.',
    },
  }[data.what];
  return {
    subject: words.subject,
    parts: [
      greet(data),
      text(`${words.subject}, in live mode. ${words.next}`),
      facts([
        ['Destination', plain(data.destination)],
        ['URL', plain(data.url)],
      ]),
      text('Approving a host approves every account at that host.'),
      link('Look at the destinations', pageOf(publicUrl, 'forwarding')),
    ],
  };
}

/** Cards of live mode are to be sealed, or are sealed, to another key. */
export function revealKeyLetter(data: MailData['reveal_key'], publicUrl: string): Letter {
  const organization = plain(data.organization);
  const words = {
    requested: {
      subject: `Somebody asks to have cards of ${organization} sealed to another key`,
      next: 'No card is sealed to it until somebody else who may decide approves.',
    },
    approved: {
      subject: `Cards of ${organization} can be sealed to another key`,
      next: 'If you did not expect this, remove it at once: that needs no second person.',
    },
  }[data.what];
  return {
    subject: words.subject,
    parts: [
      greet(data),
      text(`${words.subject}, in live mode. ${words.next}`),
      facts([
        ['Reveal key', plain(data.label)],
        ['Thumbprint', plain(data.thumbprint)],
      ]),
      text('Whoever has its private half can read what is sealed to it.'),
      link('Look at the card gate', pageOf(publicUrl, 'card-gate')),
    ],
  };
}
