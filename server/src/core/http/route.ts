import type { ErrorCode, Standing, StepUpAct, VisitorPermission } from 'payos-contract';
import { standings, visitorPermissions } from 'payos-contract';
import type { Static, TObject, TSchema } from 'typebox';
import type { AnyPermission, Context, ScopedContext } from '../context.ts';

/** Where a route can be reached: by merchants, on the machine itself, by the vault. */
export type Surface = 'public' | 'operator' | 'internal';

type Parsed<S extends TSchema | undefined> = S extends TSchema ? Static<S> : undefined;

type RouteInput<
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
> = { params: Parsed<P>; query: Parsed<Q>; body: Parsed<B> };

type Common<
  P extends TObject | undefined,
  Q extends TObject | undefined,
  B extends TObject | undefined,
> = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  /** First line of the operation in the reference. */
  summary: string;
  /** Heading it stands under in the reference. */
  tag: string;
  params?: P;
  query?: Q;
  body?: B;
  /** `fields` outside the schema never leave: the serializer drops them. */
  response: { status: number; schema: TSchema };
  /** Codes this route may answer beyond those every route can. */
  errors?: readonly ErrorCode[];
  /** POST only. `required` where money moves. */
  idempotency?: 'required' | 'optional';
  /** The answer holds a secret: it is stored sealed for replays. */
  secret?: true;
  /** Asks a signed-in person for a factor again if the last one was long ago. */
  stepUp?: StepUpAct;
  /** Whoever guesses here guesses secrets: counted per address, over all such routes together. */
  throttled?: true;
  /** Of people: works from every address, whatever rule the organization has. */
  anyNetwork?: true;
  /** Holds to the customers a key is bound to. Such keys are refused everywhere else. */
  customerBound?: true;
  /** Asked by programs that sign what they send: neither a key nor a page of ours is looked for. */
  fromPrograms?: true;
  /** Largest body in bytes, where it is not the usual. */
  bodyMax?: number;
};

/** A route of merchants: every call belongs to an organization and a mode. */
type ScopedRoute<
  P extends TObject | undefined,
  Q extends TObject | undefined,
  B extends TObject | undefined,
> = Common<P, Q, B> & {
  permission: AnyPermission;
  handle: (ctx: ScopedContext, input: RouteInput<P, Q, B>) => Promise<unknown>;
  /**
   * Answers a repeated request whose first try was cut off after it created `object`. With
   * `onlySettled`, `undefined` while the outcome is open: the first try may still be at it.
   */
  resume?: (ctx: ScopedContext, object: string, onlySettled: boolean) => Promise<unknown>;
};

/** A route outside every organization: operators, the vault. */
type GlobalRoute<
  P extends TObject | undefined,
  Q extends TObject | undefined,
  B extends TObject | undefined,
> = Common<P, Q, B> & {
  permission: AnyPermission;
  handle: (ctx: Context, input: RouteInput<P, Q, B>) => Promise<unknown>;
};

/** A route of people and their own account: no organization, no mode, no API key. */
type AccountRoute<
  P extends TObject | undefined,
  Q extends TObject | undefined,
  B extends TObject | undefined,
> = Omit<Common<P, Q, B>, 'idempotency' | 'secret'> & {
  permission: Standing;
  handle: (ctx: Context, input: RouteInput<P, Q, B>) => Promise<unknown>;
};

/** A route of whoever holds the secret of one thing: no API key, no session of a person. */
type VisitorRoute<
  P extends TObject | undefined,
  Q extends TObject | undefined,
  B extends TObject | undefined,
> = Omit<Common<P, Q, B>, 'idempotency' | 'secret' | 'stepUp' | 'customerBound'> & {
  permission: VisitorPermission;
  handle: (ctx: ScopedContext, input: RouteInput<P, Q, B>) => Promise<unknown>;
};

/** A route after its types have done their work. */
export type Route = {
  surface: Surface;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  permission: AnyPermission;
  summary: string;
  tag: string;
  params?: TObject;
  query?: TObject;
  body?: TObject;
  response: { status: number; schema: TSchema };
  errors: readonly ErrorCode[];
  idempotency?: 'required' | 'optional';
  secret: boolean;
  stepUp?: StepUpAct;
  throttled?: true;
  anyNetwork?: true;
  customerBound?: true;
  fromPrograms?: true;
  bodyMax?: number;
  handle: (ctx: never, input: never) => Promise<unknown>;
  resume?: (ctx: ScopedContext, object: string, onlySettled: boolean) => Promise<unknown>;
};

/** Declares a route of merchants. */
export function publicRoute<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TObject | undefined = undefined,
>(route: ScopedRoute<P, Q, B>): Route {
  return declare('public', route as never);
}

/** Declares a route of people and their own account. */
export function accountRoute<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TObject | undefined = undefined,
>(route: AccountRoute<P, Q, B>): Route {
  return declare('public', route as never);
}

/** Declares a route of whoever holds the secret of one thing, which says whose customers it is. */
export function visitorRoute<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TObject | undefined = undefined,
>(route: VisitorRoute<P, Q, B>): Route {
  return declare('public', { ...route, customerBound: true } as never);
}

/** Declares a route of operators or of the vault. */
export function globalRoute<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TObject | undefined = undefined,
>(surface: 'operator' | 'internal', route: GlobalRoute<P, Q, B>): Route {
  return declare(surface, route as never);
}

function declare(surface: Surface, route: Omit<Route, 'surface'>): Route {
  const name = `${route.method} ${route.path}`;
  // Caught at start-up, so that a route without a permission never serves anybody.
  if (!route.permission) throw new Error(`${name} declares no permission`);
  const ofMerchants =
    surface === 'public' &&
    !Object.hasOwn(standings, route.permission) &&
    !Object.hasOwn(visitorPermissions, route.permission);
  if (route.method === 'POST' && ofMerchants && route.idempotency === undefined) {
    throw new Error(`${name} must say whether Idempotency-Key is required`);
  }
  // What strangers' programs send has their form, and may grow.
  const body = route.fromPrograms ? undefined : route.body;
  for (const schema of [route.params, route.query, body]) {
    if (schema !== undefined && Reflect.get(schema, 'additionalProperties') !== false) {
      throw new Error(`${name} takes unknown fields: close its schema`);
    }
  }
  return { ...route, surface, errors: route.errors ?? [], secret: route.secret ?? false };
}

/**
 * An answer other than the route's plain success, e.g. a decline, or one that sets a cookie. What
 * is stored and replayed is status and body, never the headers.
 */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}
