import { schemas } from 'payos-contract';
import { accountRoute, type Route } from '../../core/http/route.ts';
import { type AlertDependencies, takeAlerts } from './take-alerts.ts';

/** Where secret scanners report keys that they found in public. */
export function alertRoutes(deps: AlertDependencies): Route[] {
  return [
    accountRoute({
      method: 'POST',
      path: '/v1/secret_scanning/alerts',
      permission: 'anyone',
      summary: 'Take reports of GitHub secret scanning',
      tag: 'API keys',
      body: schemas.SecretScanningAlerts as never,
      bodyMax: 2 * 1024 * 1024,
      fromPrograms: true,
      response: { status: 200, schema: schemas.SecretScanningLabels },
      errors: ['alert_signature_refused'],
      handle: (ctx, { body }) => takeAlerts(ctx, deps, body as schemas.SecretScanningAlerts),
    }),
  ];
}
