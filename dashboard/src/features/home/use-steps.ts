import type { schemas } from 'payos-contract';
import { useActiveSession, useCan, useMode, useRead } from '../../api/index.ts';

export type Step = {
  title: string;
  text: string;
  done: boolean;
  link?: { to: string; label: string };
  content?: 'first-payment' | 'webhook-endpoint';
};

type Some = { data: readonly unknown[] };
const waitingPollMs = 4_000;
const one = { limit: 1 };

/** Asks again as long as there is nothing. */
const untilSome = ({ data }: Some) => data.length === 0 && waitingPollMs;

/** What this person can do to get started; undefined until everything is known. */
export function useSteps(): Step[] | undefined {
  const organization = [...usePaymentSteps(), useInviteStep()];
  const steps = [...organization, ...useOwnSteps()];
  if (steps.some((step) => step === 'waiting')) return undefined;
  return steps.filter((step): step is Step => typeof step === 'object');
}

type Found = Step | 'waiting' | undefined;

function usePaymentSteps(): Found[] {
  const can = useCan();
  const isTest = useMode() === 'test';
  const payments = useRead<Some>(isTest && can('payments:read') ? '/v1/payments' : undefined, {
    query: one,
    pollMs: untilSome,
  });
  const endpoints = useRead<Some>(can('webhooks:read') ? '/v1/webhook_endpoints' : undefined, {
    query: one,
    pollMs: untilSome,
  });
  const first = found(payments, ({ data }) => ({
    title: 'Make a first payment',
    text: 'A card becomes a token on the vault, the token becomes a payment. No money moves.',
    done: data.length > 0,
    content: 'first-payment' as const,
  }));
  const webhook = found(endpoints, ({ data }) => ({
    title: 'Add a webhook endpoint',
    text: 'PayOS tells your server what happened, signed, and tries again until it answers.',
    done: data.length > 0,
    content: 'webhook-endpoint' as const,
  }));
  return [first, webhook];
}

function useInviteStep(): Found {
  const may = useCan()('members:write');
  const members = useRead<Some>(may ? '/v1/members' : undefined);
  const invitations = useRead<Some>(may ? '/v1/invitations' : undefined);
  return found(members, ({ data }) => ({
    title: 'Invite somebody',
    text: 'With two people, one who loses every factor can be let in again by the other.',
    done: data.length > 1 || (invitations.data?.data.length ?? 0) > 0,
    link: { to: '/members', label: 'Go to the members' },
  }));
}

function useOwnSteps(): Found[] {
  const { mail } = useActiveSession();
  const factors = useRead<schemas.Factors>('/v1/account/factors');
  const second = found(factors, ({ passkeys, totp }) => ({
    title: 'Enrol a second way to sign in',
    text: 'A passkey and an authenticator app, so that a lost phone does not lock you out.',
    done: passkeys.length + (totp === null ? 0 : 1) > 1,
    link: { to: '/account/factors', label: 'Go to your factors' },
  }));
  const codes = found(factors, ({ recovery_codes: { left } }) => ({
    title: 'Have recovery codes',
    text: 'They sign you in when every device is lost. Keep them away from this machine.',
    done: left > 0,
    link: { to: '/account/factors', label: 'Make new codes' },
  }));
  const mails: Step = {
    title: 'Let PayOS send mail',
    text: 'For invitations and alerts: whoever runs the machine sets PAYOS_SMTP_URL.',
    done: mail,
  };
  return [codes, second, mails];
}

type Query<T> = { data: T | undefined; fetchStatus: string; isError: boolean };

/** A step that needs an answer first; none where nothing is asked, or there is no answer. */
function found<T>({ data, fetchStatus, isError }: Query<T>, make: (data: T) => Step): Found {
  if (data !== undefined) return make(data);
  return fetchStatus === 'idle' || isError ? undefined : 'waiting';
}
