import type { Scope } from './context.ts';

/**
 * What is most likely a card number was on its way to where none may be, and was taken out. Never
 * the number, nor what stood around it.
 */
export type CardDataFound = {
  stream: 'answer' | 'webhook' | 'mail' | 'log';
  /** The route of an answer, the type of an event, the template of a mail, whose log. */
  place: string;
  count: number;
  requestId?: string | undefined;
  /** Whose it was; unknown of logs and mails. */
  scope?: Scope | undefined;
  /**
   * Closes the card gate: only where what was found can have come there in no other way than past
   * the guard of what is sent in, so that nobody brings it about by what they send.
   */
  isIncident: boolean;
};

/** Nobody waits for it. */
export type OnCardData = (found: CardDataFound) => void;
