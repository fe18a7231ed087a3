import type { DatabaseSync } from 'node:sqlite';
import type { TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import { type Answer, refuse } from './answer.ts';
import { capture } from './capture.ts';
import { createCharge } from './create-charge.ts';
import { type Faults, noFaults } from './faults.ts';
import { findOperation } from './find-operation.ts';
import { listCharges } from './list-charges.ts';
import { type OperationRule, operate } from './operation.ts';
import { refund } from './refund.ts';
import { bodies } from './schemas.ts';
import { voidCharge } from './void.ts';

export type Input = { param: string; query: URLSearchParams; body: unknown };

export type Route = {
  method: 'GET' | 'POST' | 'PUT';
  /** `:x` stands for one segment, handed over as `param`. */
  path: string;
  /**
   * - `open`: without the secret
   * - `control`: never touched by faults, so that a test can always look and switch them off
   * - `query`: slowed down and refused by faults
   * - `money`: the same, and cut off by them too
   */
  kind: 'open' | 'control' | 'query' | 'money';
  handle: (input: Input) => Answer;
};

/** Faults in force; replaced as a whole. */
export type FaultSwitch = { current: Faults };

/** Every route of the simulator. */
export function routesOf(db: DatabaseSync, faults: FaultSwitch): Route[] {
  const find = findOperation(db);
  const list = listCharges(db);
  const money = (path: string, handle: Route['handle']): Route => {
    return { method: 'POST', path, kind: 'money', handle };
  };
  return [
    money('/v1/charges', checked(bodies.charge, createCharge(db))),
    money('/v1/charges/:id/capture', withAmount(db, capture)),
    money('/v1/charges/:id/refunds', withAmount(db, refund)),
    money('/v1/charges/:id/void', withoutAmount(db, voidCharge)),
    {
      method: 'GET',
      path: '/v1/operations/:key',
      kind: 'query',
      handle: ({ param }) => find(param),
    },
    { method: 'GET', path: '/v1/charges', kind: 'control', handle: ({ query }) => list(query) },
    {
      method: 'GET',
      path: '/v1/faults',
      kind: 'control',
      handle: () => ({ status: 200, body: faults.current }),
    },
    {
      method: 'PUT',
      path: '/v1/faults',
      kind: 'control',
      handle: checked(bodies.faults, (wanted) => {
        faults.current = { ...noFaults, ...wanted };
        return { status: 200, body: faults.current };
      }),
    },
    {
      method: 'GET',
      path: '/livez',
      kind: 'open',
      handle: () => ({ status: 200, body: { status: 'ok' } }),
    },
  ];
}

function withAmount(db: DatabaseSync, rule: OperationRule): Route['handle'] {
  const run = operate(db, rule);
  return checked(bodies.amount, (body, charge) => run(charge, body.idempotency_key, body.amount));
}

function withoutAmount(db: DatabaseSync, rule: OperationRule): Route['handle'] {
  const run = operate(db, rule);
  return checked(bodies.key, (body, charge) => run(charge, body.idempotency_key, undefined));
}

/** Runs `work` with a body of the right form, and refuses any other, naming the place only. */
function checked<T>(
  validator: Validator<Record<never, never>, TSchema, T>,
  work: (body: T, param: string) => Answer,
): Route['handle'] {
  return ({ body, param }) => {
    if (validator.Check(body)) return work(body, param);
    // The place of an unknown member would repeat its name, which is the caller's own text.
    const error = validator.Errors(body).find(({ keyword }) => keyword !== 'boolean');
    return refuse(400, 'invalid_request', error?.instancePath ?? '');
  };
}
