import { facts, type Letter, link, type Part, plain, readable, text } from './letter.ts';
import { pageOf } from './links.ts';
import type { MailData } from './mail-data.ts';

const places = {
  answer: 'an answer of the API',
  webhook: 'a webhook',
  mail: 'a mail',
  log: 'a log',
} as const;

const found = (data: MailData['card_data_alert']): Part =>
  facts([
    ['Where', `${places[data.stream]}: ${plain(data.place)}`],
    ['How many', String(data.count)],
    ['Last', readable(data.at)],
    ['Request', data.requestId ?? undefined],
  ]);

const what =
  'What looked like card numbers was on its way to where none may be, and was taken out. The ' +
  'number is not in this mail, nor anywhere else.';

/** Something of an organization held what looked like card numbers. */
export function cardDataLetter(data: MailData['card_data_found'], publicUrl: string): Letter {
  return {
    subject: `Card numbers were found where none may be: ${plain(data.organization)} on PayOS`,
    parts: [
      text(`Hello ${plain(data.name)},`),
      text(what),
      found(data),
      text(
        'Find out how they got there, and whether they are anywhere else. More of the same cause ' +
          'is told of in an hour at the earliest. Whether it closed the card gate stands there.',
      ),
      link('Look at the card gate', pageOf(publicUrl, 'card-gate')),
    ],
  };
}

/** The same where nobody knows whose it was. */
export function cardDataAlert(data: MailData['card_data_alert'], publicUrl: string): Letter {
  return {
    subject: 'PayOS took card numbers out of where none may be',
    parts: [
      text(what),
      found(data),
      text('Look at the lines around it in the logs. More of the same is told of in an hour.'),
      link('PayOS', pageOf(publicUrl, '')),
    ],
  };
}
