import { cardDataAlert, cardDataLetter } from './card-data-letters.ts';
import { cardGateLetter } from './card-gate-letter.ts';
import { destinationLetter, revealKeyLetter } from './card-letters.ts';
import {
  createdLetter,
  expiringLetter,
  exposedLetter,
  overdueLetter,
  rotatedLetter,
} from './key-letters.ts';
import { facts, type Letter, link, type Part, plain, readable, text } from './letter.ts';
import { linkTo, pageOf } from './links.ts';
import type { Circumstances, MailData, Template } from './mail-data.ts';

type Writer<T extends Template> = (data: MailData[T], publicUrl: string) => Letter;

const factorNames = { passkey: 'a passkey', totp: 'an authenticator app' } as const;

const greet = (name: string) => text(`Hello ${plain(name)},`);

const where = ({ at, address, device }: Circumstances): Part =>
  facts([
    ['When', readable(at)],
    ['Device', device && plain(device)],
    ['Address', address],
  ]);

const signIn = (publicUrl: string) => link('Sign in', pageOf(publicUrl, ''));

/** What to do when somebody else did it. */
const notYou = (publicUrl: string): Part[] => [
  text(
    'If this was not you, somebody else may know your password. Reset it with “Forgot password”, ' +
      'end all your other sessions under Your account → Sessions, and tell an admin.',
  ),
  signIn(publicUrl),
];

const expires = (time: string) =>
  text(`The link works once, until ${readable(time)}. Do not pass it on.`);

/** A notice to a person that something about their account was changed. */
function notice(
  subject: string,
  data: { name: string } & Circumstances,
  words: string,
  publicUrl: string,
): Letter {
  return { subject, parts: [greet(data.name), text(words), where(data), ...notYou(publicUrl)] };
}

function factorWords(data: MailData['factor_added'], done: 'added to' | 'removed from'): string {
  const label = data.label === undefined ? '' : ` (${plain(data.label)})`;
  const way = `${factorNames[data.factor]}${label}`;
  return `A way to sign in was ${done} your account: ${way}. Other sessions of yours were ended.`;
}

const rolesOf = ({ roles }: MailData['invitation']) => {
  const named = [
    roles.test === null ? [] : [`${plain(roles.test)} in test mode`],
    roles.live === null ? [] : [`${plain(roles.live)} in live mode`],
  ];
  return named.flat().join(', ');
};

/** How each mail is worded, by its template: one without words does not compile. */
export const letters: { readonly [T in Template]: Writer<T> } = {
  invitation: (data, publicUrl) => ({
    subject: `${plain(data.inviter)} invites you to ${plain(data.organization)} on PayOS`,
    parts: [
      text(`${plain(data.inviter)} invites you to ${plain(data.organization)} on PayOS.`),
      facts([['Your role', rolesOf(data)]]),
      link('Accept the invitation', linkTo(publicUrl, 'invitation', data.token)),
      expires(data.expiresAt),
      text('If you do not know who invites you, do nothing: without you nothing happens.'),
    ],
  }),
  password_reset: (data, publicUrl) => ({
    subject: 'Reset your PayOS password',
    parts: [
      greet(data.name),
      text('Somebody asked to reset the password of your account. You can choose a new one here.'),
      link('Choose a new password', linkTo(publicUrl, 'password_reset', data.token)),
      expires(data.expiresAt),
      where(data),
      text('You will still need your second factor to sign in.'),
      text('If this was not you, do nothing: your password stays as it is.'),
    ],
  }),
  email_change: (data, publicUrl) => ({
    subject: 'Confirm your new email address for PayOS',
    parts: [
      greet(data.name),
      text('This address was given as the new one of a PayOS account. Confirm that it is yours.'),
      link('Confirm this address', linkTo(publicUrl, 'email_change', data.token)),
      expires(data.expiresAt),
      where(data),
      text('If this was not you, do nothing: the account keeps the address it has.'),
    ],
  }),
  email_changed: (data, publicUrl) =>
    notice(
      'The email address of your PayOS account was changed',
      data,
      `Your account now belongs to ${plain(data.email)}. This address no longer signs in.`,
      publicUrl,
    ),
  account_locked: (data, publicUrl) => ({
    subject: 'Your PayOS account is locked',
    parts: [
      greet(data.name),
      text(
        `After ten wrong tries your account is locked until ${readable(data.until)}. ` +
          'An admin of your organization can unlock it before. The last try came from here:',
      ),
      where(data),
      ...notYou(publicUrl),
    ],
  }),
  password_changed: (data, publicUrl) =>
    notice(
      'Your PayOS password was changed',
      data,
      'The password of your account was changed. Other sessions of yours were ended.',
      publicUrl,
    ),
  factor_added: (data, publicUrl) =>
    notice(
      'A way to sign in was added to your PayOS account',
      data,
      factorWords(data, 'added to'),
      publicUrl,
    ),
  factor_removed: (data, publicUrl) =>
    notice(
      'A way to sign in was removed from your PayOS account',
      data,
      factorWords(data, 'removed from'),
      publicUrl,
    ),
  recovery_code_used: (data, publicUrl) =>
    notice(
      'A recovery code was used for your PayOS account',
      data,
      `Somebody signed in with one of your recovery codes; ${data.left} are left. ` +
        'New ones can be made under Your account → Sign-in security.',
      publicUrl,
    ),
  recovery_codes_renewed: (data, publicUrl) =>
    notice(
      'Your PayOS recovery codes were renewed',
      data,
      'Ten new recovery codes were made for your account. The old ones no longer work.',
      publicUrl,
    ),
  factor_reset_requested: (data, publicUrl) => ({
    subject: `${plain(data.person)} asks for a new second factor`,
    parts: [
      greet(data.name),
      text(
        `${plain(data.person)} of ${plain(data.organization)} says that every second factor was ` +
          'lost, and asks to enrol a new one. Whoever asks gave the right password, and nothing ' +
          'else. Speak to the person by another way than mail before you decide.',
      ),
      facts([['Account', data.email]]),
      where(data),
      link('Look at the request', pageOf(publicUrl, 'members')),
    ],
  }),
  own_factor_reset_requested: (data, publicUrl) => ({
    subject: 'Somebody asked for a new second factor for your PayOS account',
    parts: [
      greet(data.name),
      text(
        'Somebody gave your password, said that every second factor was lost, and asked to enrol ' +
          'a new one. Admins of your organizations decide about it.',
      ),
      where(data),
      text(
        'If this was not you, somebody knows your password: tell an admin at once, sign in with ' +
          'your factor, which ends the request, and change the password.',
      ),
      signIn(publicUrl),
    ],
  }),
  factor_reset_approved: (data, publicUrl) => ({
    subject: 'You may enrol a new second factor for PayOS',
    parts: [
      greet(data.name),
      text(
        `At ${readable(data.at)} an admin of ${plain(data.organization)} agreed that you enrol a ` +
          'new second factor. The old factors and your recovery codes no longer work. Sign in ' +
          'with your password; you will be asked for the new factor.',
      ),
      text('If you did not ask for this, tell an admin of your organization at once.'),
      signIn(publicUrl),
    ],
  }),
  factor_reset_refused: (data) => ({
    subject: 'Your request for a new second factor was refused',
    parts: [
      greet(data.name),
      text(
        `At ${readable(data.at)} an admin of ${plain(data.organization)} refused your request to ` +
          'enrol a new second factor. Speak to them if you still need it.',
      ),
      text(
        'If you did not ask for this, somebody knows your password. Reset it, and tell an admin.',
      ),
    ],
  }),
  factors_removed: (data, publicUrl) => ({
    subject: 'Your second factors for PayOS were removed',
    parts: [
      greet(data.name),
      text(
        `At ${readable(data.at)} whoever runs this PayOS installation removed every second ` +
          'factor from your account, and your recovery codes. Sign in with your password within ' +
          'a day; you will be asked for a new factor.',
      ),
      text('If you did not ask for this, speak to them at once.'),
      signIn(publicUrl),
    ],
  }),
  new_sign_in: (data, publicUrl) =>
    notice(
      'New sign-in to your PayOS account',
      data,
      'Somebody signed in to your account from a device that has not been seen before.',
      publicUrl,
    ),
  api_key_created: createdLetter,
  api_key_rotated: rotatedLetter,
  card_gate: cardGateLetter,
  reveal_key: revealKeyLetter,
  card_data_found: cardDataLetter,
  card_data_alert: cardDataAlert,
  forward_destination: destinationLetter,
  api_key_expiring: expiringLetter,
  api_key_overdue: overdueLetter,
  api_key_exposed: exposedLetter,
};

/** Writes the letter of a template. The data are those that {@link letters} declares for it. */
export function writeLetter(template: string, data: unknown, publicUrl: string): Letter {
  const writer = Object.hasOwn(letters, template) ? letters[template as Template] : undefined;
  if (writer === undefined) throw new Error(`there is no mail ${template}`);
  return writer(data as never, publicUrl);
}
