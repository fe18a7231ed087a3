import { schemas } from 'payos-contract';
import { globalRoute, type Route } from '../core/http/route.ts';
import { type AssessmentDependencies, assess } from './assess.ts';

/** What `payos pci report` asks of the server. */
export function assessmentRoutes(deps: AssessmentDependencies): Route[] {
  return [
    globalRoute('operator', {
      method: 'GET',
      path: '/operator/assessment',
      permission: 'operator:assessment',
      summary: 'Read the facts for an assessor',
      tag: 'Assessment',
      query: schemas.AskAssessment,
      response: { status: 200, schema: schemas.Assessment },
      handle: (ctx, { query }) => assess(ctx, deps, query),
    }),
  ];
}
