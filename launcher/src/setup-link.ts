import { askOperator } from './operator.ts';

/**
 * A link with which the first owner sets the oldest organization up. It is shown and nowhere kept.
 *
 * @returns undefined when there is an owner
 */
export async function newSetupLink(operatorSocket: string): Promise<string | undefined> {
  const { data } = await askOperator(operatorSocket, 'GET', '/operator/organizations');
  const [first] = Array.isArray(data) ? data : [];
  const body = { organization: first?.id };
  const { link } = await askOperator(operatorSocket, 'POST', '/operator/setup_links', body);
  return typeof link === 'string' ? link : undefined;
}
