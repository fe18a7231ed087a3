import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import { closeCardGate } from './close-card-gate.ts';
import { approveAttestation, rejectAttestation } from './decide-attestation.ts';
import type { CardGateDependencies } from './dependencies.ts';
import { getCardGate, listAttestations } from './get-card-gate.ts';
import { requestAttestation } from './request-attestation.ts';
import { internalRevealRoutes, revealRoutes } from './reveal-routes.ts';

const params = Type.Object({ id: schemas.Id('attestation') }, schemas.closed);
const nothing = Type.Object({}, schemas.closed);
const tag = 'Card gate';

/** Routes of the card gate. */
export function cardGateRoutes(deps: CardGateDependencies): Route[] {
  return [
    ...readingRoutes(),
    ...decidingRoutes(deps),
    ...revealRoutes(deps),
    ...internalRevealRoutes(deps),
  ];
}

function readingRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/card_gate',
      permission: 'card_gate:read',
      summary: 'Retrieve the card gate of this mode',
      tag,
      response: { status: 200, schema: schemas.CardGate },
      handle: (ctx) => getCardGate(ctx),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/card_gate/attestations',
      permission: 'card_gate:read',
      summary: 'List what was asked for at the card gate',
      tag,
      response: { status: 200, schema: schemas.CardGateAttestationList },
      handle: (ctx) => listAttestations(ctx),
    }),
  ];
}

function decidingRoutes(deps: CardGateDependencies): Route[] {
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/card_gate/attestations',
      permission: 'card_gate:request',
      summary: 'Ask for the card gate to be opened',
      tag,
      body: schemas.RequestCardGate,
      response: { status: 201, schema: schemas.CardGateAttestation },
      errors: ['gate_request_pending'],
      idempotency: 'optional',
      stepUp: 'request_card_gate',
      handle: (ctx, { body }) => requestAttestation(ctx, deps, body),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/card_gate/attestations/:id/approve',
      permission: 'card_gate:approve',
      summary: 'Open the card gate, as another person than asked for it',
      tag,
      params,
      body: nothing,
      response: { status: 200, schema: schemas.CardGateAttestation },
      errors: ['own_request', 'decided_already', 'attestation_over', 'card_key_exposed'],
      idempotency: 'optional',
      stepUp: 'approve_card_gate',
      handle: (ctx, { params: { id } }) => approveAttestation(ctx, deps, id),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/card_gate/attestations/:id/reject',
      permission: 'card_gate:approve',
      summary: 'Refuse to open the card gate',
      tag,
      params,
      body: nothing,
      response: { status: 200, schema: schemas.CardGateAttestation },
      errors: ['decided_already'],
      idempotency: 'optional',
      handle: (ctx, { params: { id } }) => rejectAttestation(ctx, deps, id),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/card_gate/close',
      permission: 'card_gate:close',
      summary: 'Close the card gate at once',
      tag,
      body: schemas.CloseCardGate,
      response: { status: 200, schema: schemas.CardGate },
      idempotency: 'optional',
      handle: (ctx, { body }) => closeCardGate(ctx, deps, body),
    }),
  ];
}
