import type { ReactNode } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { useSession } from '../../api/index.ts';
import { safeReturn } from '../../app/return-path.ts';
import { Enrollment } from './enrollment.tsx';
import { PasswordStep } from './password-step.tsx';
import { SecondFactorStep } from './second-factor-step.tsx';

/** Shows the step at which the sign-in stands; the server knows it, also after a reload. */
export default function SignIn(): ReactNode {
  const { data } = useSession();
  const [params] = useSearchParams();
  switch (data?.state) {
    case 'active':
      return <Navigate replace to={safeReturn(params.get('return'))} />;
    case 'second_factor':
      return <SecondFactorStep session={data} />;
    case 'enrollment':
      return <Enrollment />;
    default:
      return <PasswordStep />;
  }
}
