import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Query } from '../../api/index.ts';
import { now } from '../../clock.ts';
import { Button, counted, Dialog, ProblemNotice, Spinner, toast } from '../../ui/index.ts';
import { downloadPayments, saveAs } from './download.ts';

type Work = { count: number; failure?: unknown };

/** The whole filtered list as a file, however long it is. Can be given up at any time. */
export function DownloadButton({ query }: { query: Query }): ReactNode {
  const [work, setWork] = useState<Work>();
  const control = useRef<AbortController>(undefined);
  useEffect(() => () => control.current?.abort(), []);
  const start = async () => {
    const controller = new AbortController();
    control.current = controller;
    const { signal } = controller;
    let count = 0;
    const onProgress = (total: number) => {
      count = total;
      if (!signal.aborted) setWork({ count });
    };
    setWork({ count });
    try {
      const content = await downloadPayments({ query, signal, onProgress });
      const name = `payments-${new Date(now()).toISOString().slice(0, 10)}.csv`;
      saveAs(content, name);
      setWork(undefined);
      toast(`${counted(count, 'payment')} downloaded`, name);
    } catch (failure) {
      if (!signal.aborted) setWork({ count, failure });
    }
  };
  const stop = () => {
    control.current?.abort();
    setWork(undefined);
  };
  return (
    <>
      <Button icon="download" onClick={() => void start()}>
        Download CSV
      </Button>
      <Dialog open={work !== undefined} onClose={stop} title="Download payments">
        {work !== undefined && <Working work={work} onStop={stop} onAgain={() => void start()} />}
      </Dialog>
    </>
  );
}

type WorkingProps = { work: Work; onStop: () => void; onAgain: () => void };

function Working({ work: { count, failure }, onStop, onAgain }: WorkingProps): ReactNode {
  const failed = failure !== undefined;
  return (
    <>
      {failed ? (
        <ProblemNotice error={failure} />
      ) : (
        <p className="flex items-center gap-2.5" role="status">
          <Spinner />
          {count === 0 ? 'Reading the list …' : `${counted(count, 'payment')} so far …`}
        </p>
      )}
      <div className="dialog-foot">
        <Button onClick={onStop}>{failed ? 'Close' : 'Cancel'}</Button>
        {failed && (
          <Button look="primary" icon="refresh" onClick={onAgain}>
            Try again
          </Button>
        )}
      </div>
    </>
  );
}
