import type { schemas } from 'payos-contract';
import { useCan } from '../../api/index.ts';
import { useMembers } from '../members/index.ts';

export type Gate = schemas.CardGate;
export type Attestation = schemas.CardGateAttestation;
export type RevealKey = schemas.RevealKey;
export type Reveal = schemas.Reveal;

/** What is read again after a change of the gate. */
export const gatePaths: readonly string[] = ['/v1/card_gate'];

export const levels: Readonly<Record<Attestation['level'], string>> = {
  saq_d_merchant: 'Self-assessment, SAQ D for merchants',
  saq_d_service_provider: 'Self-assessment, SAQ D for service providers',
  roc_merchant: 'Report on compliance (ROC), merchant',
  roc_service_provider: 'Report on compliance (ROC), service provider',
};

export const reasons: Readonly<Record<Reveal['reason']['code'], string>> = {
  dispute: 'Dispute',
  fraud_review: 'Fraud review',
  migration: 'Migration',
  legal_request: 'Legal request',
  other: 'Other',
};

/** What closed the gate, in words. */
export const causes: Readonly<Record<schemas.GateClosing, string>> = {
  person: 'Somebody closed it',
  key_exposed: 'A key that handles cards was seen where no secret may be',
  card_data_found: 'Card numbers were found where none may be',
  reveal_limits: 'Cards were asked for far beyond the limits',
  reveal_refusals: 'Too many tries to read cards were refused',
};

/** What is let through, in words. */
export function sayScopes({ raw_cards, reveal }: Attestation['scopes']): string {
  const said = [
    raw_cards ? ['card numbers from servers'] : [],
    reveal ? ['reading stored cards'] : [],
  ];
  return said.flat().join(' and ') || 'nothing';
}

/** The name of a member, for those who may see members; else the id. */
export function useNameOf(): (id: string | null) => string {
  const may = useCan()('members:read');
  const members = useMembers(may);
  return (id) => {
    if (id === null) return '';
    return members.data?.data.find((one) => one.id === id)?.name ?? id;
  };
}
