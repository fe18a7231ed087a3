import { facts, type Letter, link, type Part, plain, text } from './letter.ts';
import { pageOf } from './links.ts';
import type { MailData } from './mail-data.ts';

const greet = ({ name }: { name: string }) => text(`Hello ${plain(name)},`);

/** Cards of live mode are to be sent, or may be sent, to another place. */
export function destinationLetter(
  data: MailData['forward_destination'],
  publicUrl: string,
): Letter {
  const organization = plain(data.organization);
  return decisionLetter(data, {
    requested: {
      subject: `Somebody asks to send cards of ${organization} to another place`,
      next: 'No card goes there until somebody else who may decide approves.',
    },
    approved: {
      subject: `Cards of ${organization} may be sent to another place`,
      next: 'If you did not expect this, have it removed at once: that needs no second person.',
    },
    about: [
      ['Destination', plain(data.destination)],
      ['URL', plain(data.url)],
    ],
    consequence: 'Approving a host approves every account at that host.',
    page: link('Look at the destinations', pageOf(publicUrl, 'forwarding')),
  });
}

/** Cards of live mode are to be sealed, or are sealed, to another key. */
export function revealKeyLetter(data: MailData['reveal_key'], publicUrl: string): Letter {
  const organization = plain(data.organization);
  return decisionLetter(data, {
    requested: {
      subject: `Somebody asks to have cards of ${organization} sealed to another key`,
      next: 'No card is sealed to it until somebody else who may decide approves.',
    },
    approved: {
      subject: `Cards of ${organization} can be sealed to another key`,
      next: 'If you did not expect this, remove it at once: that needs no second person.',
    },
    about: [
      ['Reveal key', plain(data.label)],
      ['Thumbprint', plain(data.thumbprint)],
    ],
    consequence: 'Whoever has its private half can read what is sealed to it.',
    page: link('Look at the card gate', pageOf(publicUrl, 'card-gate')),
  });
}

type What = 'requested' | 'approved';
/** `subject` begins the mail, too; `next`: who can still stop it, and how. */
type Words = { subject: string; next: string };
type Decision = Readonly<Record<What, Words>> & {
  about: readonly (readonly [label: string, value: string])[];
  consequence: string;
  page: Part;
};

/** What takes a second person in live mode: told when it is asked for, and when it is approved. */
function decisionLetter(to: { name: string; what: What }, decision: Decision): Letter {
  const { subject, next } = decision[to.what];
  return {
    subject,
    parts: [
      greet(to),
      text(`${subject}, in live mode. ${next}`),
      facts(decision.about),
      text(decision.consequence),
      decision.page,
    ],
  };
}
