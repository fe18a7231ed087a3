import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { ask, takeSession, useRead } from '../../api/index.ts';
import { makePasskey } from '../../api/passkeys.ts';
import { RecoveryCodeList } from '../../shared/recovery-code-list.tsx';
import { TotpSetup } from '../../shared/totp-setup.tsx';
import { Button, ErrorState, Icon, LoadingRows, ProblemNotice } from '../../ui/index.ts';
import { Bare, NotYou } from './bare.tsx';

/** Nobody reaches anything before a second factor is enrolled. */
export function Enrollment(): ReactNode {
  const [enrolled, setEnrolled] = useState<schemas.Enrolled>();
  const [isTotp, setTotp] = useState(false);
  const finish = (done: schemas.Enrolled) => {
    // Without new codes there is nothing to be saved first.
    if (done.recovery_codes.length === 0) takeSession(done.session);
    else setEnrolled(done);
  };
  if (enrolled !== undefined) {
    const { session, recovery_codes: codes } = enrolled;
    return (
      <Bare title="Save your recovery codes">
        <RecoveryCodeList
          codes={codes}
          email={session.account?.email ?? ''}
          onDone={() => takeSession(session)}
        />
      </Bare>
    );
  }
  if (isTotp) {
    const below = (
      <>
        <Button look="quiet" onClick={() => setTotp(false)}>
          Choose another way
        </Button>
        <NotYou />
      </>
    );
    return (
      <Bare title="Set up an authenticator app" below={below}>
        <TotpSetup wide onDone={finish} />
      </Bare>
    );
  }
  return (
    <Bare
      title="Protect your account"
      text="A password alone is not enough to reach payments. Choose what you will also use to
        sign in; you can add more later."
      below={<NotYou />}
    >
      <Choice onTotp={() => setTotp(true)} onDone={finish} />
    </Bare>
  );
}

type ChoiceProps = { onTotp: () => void; onDone: (done: schemas.Enrolled) => void };

function Choice({ onTotp, onDone }: ChoiceProps): ReactNode {
  const factors = useRead<schemas.Factors>('/v1/account/factors');
  if (factors.isPending) return <LoadingRows rows={2} />;
  if (factors.isError)
    return <ErrorState error={factors.error} onRetry={() => factors.refetch()} />;
  const { allowed } = factors.data;
  return (
    <>
      {allowed.includes('passkey') && <PasskeyChoice onDone={onDone} />}
      {allowed.includes('totp') && (
        <Way
          icon="phone"
          title="Authenticator app"
          text="An app on your phone shows a new code every 30 seconds."
          action="Use an app"
          onChoose={onTotp}
        />
      )}
      {allowed.length === 1 && (
        <p className="field-hint">Your organization allows no other factor.</p>
      )}
    </>
  );
}

function PasskeyChoice({ onDone }: Pick<ChoiceProps, 'onDone'>): ReactNode {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const enrol = async () => {
    const credential = await makePasskey('/v1/account/passkey_options');
    const body = { credential };
    onDone(await ask<schemas.Enrolled>('/v1/account/passkeys', { method: 'POST', body }));
  };
  const choose = () => {
    setBusy(true);
    setFailure(undefined);
    enrol()
      .catch(setFailure)
      .finally(() => setBusy(false));
  };
  return (
    <Way
      icon="key"
      title="Passkey"
      text="Your fingerprint, face, PIN or a security key. It cannot be given to a false site, and
        later it signs you in without a password."
      action="Create a passkey"
      recommended
      busy={busy}
      onChoose={choose}
    >
      {failure !== undefined && <ProblemNotice error={failure} />}
    </Way>
  );
}

type WayProps = {
  icon: 'key' | 'phone';
  title: string;
  text: string;
  action: string;
  recommended?: boolean;
  busy?: boolean;
  onChoose: () => void;
  children?: ReactNode;
};

function Way(props: WayProps): ReactNode {
  const { icon, title, text, action, recommended, busy = false, onChoose, children } = props;
  return (
    <section className="grid gap-3 rounded-lg border border-line p-4">
      <div className="grid grid-cols-[auto_1fr] gap-3">
        <Icon name={icon} size={22} />
        <div>
          <h2 className="text-base">
            {title} {recommended && <span className="quiet font-normal">· recommended</span>}
          </h2>
          <p className="quiet mt-0.5 text-sm">{text}</p>
        </div>
      </div>
      <Button wide look={recommended ? 'primary' : 'plain'} busy={busy} onClick={onChoose}>
        {action}
      </Button>
      {children}
    </section>
  );
}
