import { type ReactNode, useEffect } from 'react';
import { signOut, useSession } from '../../api/index.ts';
import { Mark } from '../../app/mark.tsx';
import { Button, Card, usePageTitle } from '../../ui/index.ts';

type Props = {
  title: string;
  text?: ReactNode;
  /** Below the card, e.g. another way. */
  below?: ReactNode;
  /** A form puts the focus into its first field by itself; otherwise it goes to the heading. */
  focus?: 'heading' | 'field';
  children?: ReactNode;
};

/** A page without navigation: one card in the middle. */
export function Bare({ title, text, below, focus = 'heading', children }: Props): ReactNode {
  const heading = usePageTitle(title);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its heading
  useEffect(() => {
    if (focus === 'heading') heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="bare">
      <header className="flex items-center gap-2.5">
        <Mark />
        <span className="font-semibold">PayOS</span>
      </header>
      <main className="bare-card">
        <Card>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {text !== undefined && <div className="quiet mt-1.5">{text}</div>}
          <div className="mt-5 grid gap-4">{children}</div>
        </Card>
        {below !== undefined && <div className="mt-4 grid justify-items-center gap-2">{below}</div>}
      </main>
      <footer className="quiet text-center text-sm">
        <a className="link" href="/docs">
          API documentation
        </a>
      </footer>
    </div>
  );
}

/** Who is signing in, and a way out for somebody else. */
export function NotYou(): ReactNode {
  const { data } = useSession();
  if (data?.account == null) return null;
  return (
    <p className="quiet flex flex-wrap items-center justify-center gap-x-1">
      <span className="break-all">{data.account.email}</span>
      <Button look="quiet" size="small" onClick={() => void signOut()}>
        Not you?
      </Button>
    </p>
  );
}
