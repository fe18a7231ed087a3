export { enqueueMail } from './enqueue-mail.ts';
export { linkTo } from './links.ts';
export type { Circumstances, MailData, NewMail, Template } from './mail-data.ts';
export { sweep as sweepMails } from './queue.ts';
export { mailSender } from './send-mails.ts';
