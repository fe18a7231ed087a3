import type { Answered } from './answer.ts';
import { APIError, InvalidRequestError } from './errors.ts';

/** One page, newest first. `next` is what to pass as `after` for the page behind it. */
export type Page<T> = { data: T[]; has_more: boolean; next: string | null };

export type ListParams = {
  limit?: number | undefined;
  after?: string | undefined;
  before?: string | undefined;
};

type FetchPage<T, P> = (params: P) => Promise<Answered<Page<T>>>;

/**
 * A list that is asked for when it is used: `await` gives its first page, `for await` every
 * object, page by page as far as the loop goes.
 */
export class List<T, P extends ListParams = ListParams>
  implements PromiseLike<Answered<Page<T>>>, AsyncIterable<T>
{
  readonly #fetchPage: FetchPage<T, P>;
  readonly #params: P;
  #first: Promise<Answered<Page<T>>> | undefined;

  constructor(fetchPage: FetchPage<T, P>, params: P) {
    this.#fetchPage = fetchPage;
    this.#params = params;
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a list is how its first page is read.
  then<A = Answered<Page<T>>, B = never>(
    onPage?: ((page: Answered<Page<T>>) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#page().then(onPage, onError);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    if (this.#params.before !== undefined) throw backwards();
    let page = await this.#page();
    while (true) {
      yield* page.data;
      const after = page.next;
      if (!page.has_more || after === null) return;
      page = await this.#fetchPage({ ...this.#params, after });
      if (page.next === after) throw endless();
    }
  }

  #page(): Promise<Answered<Page<T>>> {
    this.#first ??= this.#fetchPage(this.#params);
    return this.#first;
  }
}

function backwards(): InvalidRequestError {
  return new InvalidRequestError({
    code: 'configuration',
    title: 'A list cannot be walked with `before`.',
    fix: 'Walk with `after`, or await single pages.',
  });
}

function endless(): APIError {
  return new APIError({
    code: 'unexpected_response',
    title: 'The server sent the same page twice.',
  });
}
