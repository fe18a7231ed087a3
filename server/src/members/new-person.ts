import type { AccessDependencies, NewAccount } from '../access/index.ts';

type Given = { email: string; name: string; password: string };

/**
 * What a new account is made of; the password is hashed here, before any transaction begins.
 *
 * @throws ApiError `password_refused`
 */
export async function newPerson(
  { passwords, requireGoodPassword }: AccessDependencies,
  { email, name, password }: Given,
  organization: string,
): Promise<NewAccount> {
  await requireGoodPassword(password, [email, name, organization]);
  return { email, name, passwordHash: await passwords.hash(password) };
}
