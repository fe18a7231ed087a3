import type { schemas } from 'payos-contract';
import { ask, isProblem, type Query } from '../../api/index.ts';
import { csvLine } from './csv.ts';
import { paymentCells, paymentColumns } from './payment-csv.ts';

type Page = { data: schemas.Payment[]; has_more: boolean };

type Options = {
  query: Query;
  signal: AbortSignal;
  /** Called with how many payments there are so far. */
  onProgress: (count: number) => void;
};

const pageSize = 100;
const busyWaitMs = 1_000;

/**
 * All payments of a list as CSV, read page by page. Marked as background after the first page, so
 * that a long download does not keep a session alive.
 *
 * @throws ApiProblem, NoAnswer, and what the signal aborts with
 */
export async function downloadPayments(options: Options): Promise<Blob> {
  const { query, signal, onProgress } = options;
  // With its byte order mark, without which spreadsheets misread what is not ASCII.
  const parts = [`\ufeff${csvLine(paymentColumns)}`];
  let count = 0;
  let after: string | undefined;
  do {
    const page = await readPage({ ...query, after, limit: pageSize }, after !== undefined, signal);
    parts.push(page.data.map((payment) => csvLine(paymentCells(payment))).join(''));
    count += page.data.length;
    onProgress(count);
    after = page.has_more ? page.data.at(-1)?.id : undefined;
  } while (after !== undefined);
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

/** Slows down when it is asked to. */
async function readPage(query: Query, background: boolean, signal: AbortSignal): Promise<Page> {
  for (;;) {
    try {
      return await ask<Page>('/v1/payments', { query, background, signal });
    } catch (error) {
      if (!isProblem(error, 'rate_limited')) throw error;
      await new Promise((resolve) => setTimeout(resolve, busyWaitMs));
      signal.throwIfAborted();
    }
  }
}

/** Lets the browser keep it as a file. */
export function saveAs(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
