import type { ReactNode } from 'react';
import { isProblem } from '../../api/index.ts';
import { ErrorState, LinkButton } from '../../ui/index.ts';
import { Bare } from './bare.tsx';

type Props = {
  /** None: the link itself is not one. */ error: unknown;
  onRetry: () => void;
  advice: string;
};

/** A link that does not work, or no longer: says what to do instead. */
export function DeadLink({ error, onRetry, advice }: Props): ReactNode {
  if (error !== undefined && !isProblem(error, 'link_invalid', 'invalid_request')) {
    return (
      <Bare title="This did not work">
        <ErrorState error={error} onRetry={onRetry} />
      </Bare>
    );
  }
  return (
    <Bare
      title="This link does not work anymore"
      text="It was used, has expired, was withdrawn, or was not copied as a whole."
    >
      <p>{advice}</p>
      <LinkButton to="/sign-in" wide>
        Go to sign-in
      </LinkButton>
    </Bare>
  );
}
