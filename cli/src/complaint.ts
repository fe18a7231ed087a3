import { PayOSError } from 'payos-sdk';

/** A failure as the user reads it: what is wrong, then what helps. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
  readonly lines: readonly string[];
  readonly exitCode: number;

  constructor(title: string, lines: readonly (string | undefined)[] = [], exitCode = 1) {
    super(title);
    this.lines = lines.filter((line) => line !== undefined);
    this.exitCode = exitCode;
  }
}

/** What a problem body (RFC 9457) or an error of the SDK has to say. */
type Trouble = {
  title: string;
  detail?: string | undefined;
  fix?: string | undefined;
  requestId?: string | undefined;
  errors?: readonly { pointer: string; message: string }[] | undefined;
};

/** Title, detail, wrong places, fix and request id, without a detail that only repeats. */
export function complaintOf(trouble: Trouble): Complaint {
  const { title, detail, fix, requestId, errors = [] } = trouble;
  const said = [title, ...errors.map(({ message }) => message)];
  return new Complaint(title, [
    detail !== undefined && said.includes(detail) ? undefined : detail,
    ...errors.map(({ pointer, message }) => `${pointer === '' ? 'body' : pointer}: ${message}`),
    fix === undefined ? undefined : `fix: ${fix}`,
    requestId === undefined ? undefined : `request_id: ${requestId}`,
  ]);
}

/** `undefined` for what is not foreseen and therefore a bug. */
export function toComplaint(error: unknown): Complaint | undefined {
  if (error instanceof Complaint) return error;
  return error instanceof PayOSError ? complaintOf(error) : undefined;
}
