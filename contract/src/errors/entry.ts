/** One row of the table of error codes. */
export type ErrorEntry = { status: number; title: string; fix: string; retryable: boolean };

export const entry = (
  status: number,
  title: string,
  fix: string,
  retryable = false,
): ErrorEntry => ({ status, title, fix, retryable });
