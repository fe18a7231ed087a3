// Opens a revealed card with Node alone (RFC 7516, RSA-OAEP-256 and A256GCM):
//   node open-card.mjs private-key.pem < answer.json
// For a P-256 key use a library, such as jose: `compactDecrypt(jwe, privateKey)`.
import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { jwe, code, detail, fix } = JSON.parse(readFileSync(0, 'utf8'));
if (jwe === undefined) {
  console.error(`${code}: ${detail} ${fix}`);
  process.exit(1);
}
const [header = '', ...parts] = jwe.split('.');
const { alg, enc } = JSON.parse(Buffer.from(header, 'base64url').toString());
if (alg !== 'RSA-OAEP-256' || enc !== 'A256GCM') throw new Error(`${alg}, ${enc} is not for this`);
const [wrapped, iv, sealed, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
const key = privateDecrypt(
  {
    key: readFileSync(process.argv[2] ?? 'private-key.pem'),
    oaepHash: 'sha256',
    padding: constants.RSA_PKCS1_OAEP_PADDING,
  },
  wrapped,
);
const opening = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
opening.setAAD(Buffer.from(header)).setAuthTag(tag);
process.stdout.write(Buffer.concat([opening.update(sealed), opening.final()]));
