import type { AttemptKind } from '../attempt.ts';

/** What became of a call to a processor, in PayOS's words. */
export type Outcome =
  | { kind: 'approved'; reference: string; cvcCheck: string | null }
  | { kind: 'declined'; reference: string | null; declineCode: string; cvcCheck: string | null }
  /** It certainly did not happen. */
  | { kind: 'failed'; failure: string }
  /**
   * It may have happened: only the processor can tell. Never treated as failed. `over`: the
   * processor itself, not something in front of it, said that it is done with the call.
   */
  | { kind: 'unknown'; detail: string; over?: boolean };

/** What a processor says when asked about an attempt. */
export type Finding = Outcome | { kind: 'absent' } | { kind: 'pending' };

/** One call to make. `id` is the idempotency key towards the processor. */
export type Call = {
  id: string;
  /** The payment it is for, as PayOS knows it. */
  payment: string;
  kind: AttemptKind;
  amount: number;
  currency: string;
  capture: 'automatic' | 'manual';
  initiatedBy: 'customer' | 'merchant';
  reference: string | null;
  /** The authorization's id at the processor; empty for the authorization itself. */
  processorReference: string;
};

/** A request the vault sends with the card filled in at `{{card.…}}`. */
export type CardRequest = {
  method: 'POST';
  url: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
};

/** A payment service provider. Stateless: it translates. */
export type Processor = {
  readonly name: string;
  /** The authorization, as a template for the vault. */
  authorization(call: Call): CardRequest;
  /** Reads the answer to {@link authorization}. */
  readAuthorization(status: number, body: unknown): Outcome;
  /** Capture, cancel or refund: no card is needed, so the server calls itself. */
  operate(call: Call): Promise<Outcome>;
  /** The status query by which unknown outcomes are resolved. */
  find(id: string, kind: AttemptKind): Promise<Finding>;
};
