import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { random } from './random.ts';

const iterations = 4096;

/**
 * What PostgreSQL keeps of a password (RFC 5802, SCRAM-SHA-256). Sent instead of the password when
 * a role is made, so that the password itself is in no statement and in no log of that server.
 */
export function scramVerifier(password: string): string {
  const salt = random(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
