import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { curlOf } from '../../shared/curl.ts';
import { Card, CodeBlock, formatNumber, Icon, Progress } from '../../ui/index.ts';
import { FirstPayment } from './first-payment.tsx';
import { type Step, useSteps } from './use-steps.ts';

/** What is still to do before this installation is of use. Goes by what is, not by clicks. */
export function Checklist(): ReactNode {
  const steps = useSteps();
  if (steps === undefined || steps.every(({ done }) => done)) return null;
  const done = steps.filter((step) => step.done).length;
  return (
    <Card
      title="Get started"
      text={`${formatNumber(done)} of ${formatNumber(steps.length)} done`}
      flush
    >
      <Progress label="Steps done" value={done} max={steps.length} />
      <ol className="rows px-4.5">
        {steps.map((step) => (
          <OneStep key={step.title} step={step} />
        ))}
      </ol>
    </Card>
  );
}

function OneStep({ step }: { step: Step }): ReactNode {
  const { title, text, done, link, content } = step;
  return (
    <li className="flex gap-3 py-3">
      <span className="step-mark" data-done={done || undefined}>
        {done && <Icon name="check" size={13} />}
      </span>
      <div className="grid min-w-0 flex-1 gap-1">
        <h3 className={done ? 'quiet' : undefined}>
          {title}
          {done && <span className="sr-only"> (done)</span>}
        </h3>
        {!done && <p className="quiet text-sm">{text}</p>}
        {!done && content === 'first-payment' && <FirstPayment />}
        {!done && content === 'webhook-endpoint' && <NewEndpoint />}
        {!done && link !== undefined && (
          <p>
            <Link to={link.to} className="link">
              {link.label}
            </Link>
          </p>
        )}
      </div>
    </li>
  );
}

/** Endpoints have no page yet; one request adds one. */
function NewEndpoint(): ReactNode {
  const command = curlOf({
    method: 'POST',
    url: `${location.origin}/v1/webhook_endpoints`,
    body: { url: 'https://your-server.example/webhooks' },
  });
  return (
    <details className="min-w-0 text-sm">
      <summary className="link inline-flex min-h-6 cursor-pointer items-center">
        Show the command
      </summary>
      <div className="grid min-w-0 gap-2 py-1">
        <CodeBlock label="Add an endpoint" text={command} />
        <p className="quiet">The answer has the secret that verifies signatures, once. Keep it.</p>
      </div>
    </details>
  );
}
