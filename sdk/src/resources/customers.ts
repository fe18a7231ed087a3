import type { Answered } from '../answer.ts';
import { type Api, type CreateOptions, path, type RequestOptions } from '../api.ts';
import type { CreateCustomer, Customer, ListCustomers } from '../generated/types.ts';
import type { List } from '../list.ts';

/** Whom payments and saved cards belong to. */
export class Customers {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async create(params?: CreateCustomer, options?: CreateOptions): Promise<Answered<Customer>> {
    return this.#api.post('/v1/customers', params, options);
  }

  async retrieve(id: string, options?: RequestOptions): Promise<Answered<Customer>> {
    return this.#api.get(path`/v1/customers/${id}`, options);
  }

  list(params?: ListCustomers, options?: RequestOptions): List<Customer, ListCustomers> {
    return this.#api.list('/v1/customers', params, options);
  }
}
