import { schemas } from 'payos-contract';
import Type from 'typebox';
import { globalRoute, publicRoute, type Route } from '../core/http/route.ts';
import { approveRevealKey, removeRevealKey } from './decide-reveal-key.ts';
import type { CardGateDependencies } from './dependencies.ts';
import { listReveals } from './list-reveals.ts';
import { noteRefusal } from './note-refusal.ts';
import { findCard, recordReveal } from './record-reveal.ts';
import { registerRevealKey } from './register-reveal-key.ts';
import { listRevealKeys } from './reveal-key.ts';

const params = Type.Object({ id: schemas.Id('revealKey') }, schemas.closed);
const nothing = Type.Object({}, schemas.closed);
const tag = 'Card gate';

/** Routes of reveals and of the keys that cards are sealed to. */
export function revealRoutes(deps: CardGateDependencies): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/reveals',
      permission: 'card_gate:read',
      summary: 'List the cards that were revealed',
      tag,
      query: schemas.ListReveals,
      response: { status: 200, schema: schemas.RevealPage },
      handle: (ctx, { query }) => listReveals(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/reveal_keys',
      permission: 'card_gate:read',
      summary: 'List public keys that cards are sealed to',
      tag,
      response: { status: 200, schema: schemas.RevealKeyList },
      handle: (ctx) => listRevealKeys(ctx),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/reveal_keys',
      permission: 'card_gate:request',
      summary: 'Register a public key that cards are to be sealed to',
      tag,
      body: schemas.CreateRevealKey,
      response: { status: 201, schema: schemas.RevealKey },
      errors: ['reveal_key_exists', 'reveal_key_limit_reached'],
      idempotency: 'optional',
      stepUp: 'request_card_gate',
      handle: (ctx, { body }) => registerRevealKey(ctx, deps, body),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/reveal_keys/:id/approve',
      permission: 'card_gate:approve',
      summary: 'Let cards be sealed to it, as another person than registered it',
      tag,
      params,
      body: nothing,
      response: { status: 200, schema: schemas.RevealKey },
      errors: ['own_request', 'decided_already'],
      idempotency: 'optional',
      stepUp: 'approve_card_gate',
      handle: (ctx, { params: { id } }) => approveRevealKey(ctx, deps, id),
    }),
    publicRoute({
      method: 'DELETE',
      path: '/v1/reveal_keys/:id',
      permission: 'card_gate:close',
      summary: 'Seal nothing to it any more',
      tag,
      params,
      response: { status: 200, schema: schemas.RevealKey },
      errors: ['decided_already'],
      handle: (ctx, { params: { id } }) => removeRevealKey(ctx, deps, id),
    }),
  ];
}

/** What the vault asks when a card is to be revealed. */
export function internalRevealRoutes(deps: CardGateDependencies): Route[] {
  const common = { method: 'POST', permission: 'system', tag: 'Internal' } as const;
  return [
    globalRoute('internal', {
      ...common,
      path: '/internal/find-card',
      summary: 'Which token a saved card has',
      body: schemas.FindCard,
      response: { status: 200, schema: schemas.FoundCard },
      handle: (ctx, { body }) => findCard(ctx, body),
    }),
    globalRoute('internal', {
      ...common,
      path: '/internal/record-reveal',
      summary: 'Put on record that a card is handed out, before it is',
      body: schemas.RecordReveal,
      response: { status: 200, schema: schemas.RevealRecorded },
      handle: (ctx, { body }) => recordReveal(ctx, body),
    }),
    globalRoute('internal', {
      ...common,
      path: '/internal/reveal-refused',
      summary: 'Count a refused try to read a card, and close the gate at too many',
      body: schemas.RevealRefused,
      response: { status: 200, schema: schemas.RefusalNoted },
      handle: (ctx, { body }) => noteRefusal(ctx, deps, body),
    }),
  ];
}
