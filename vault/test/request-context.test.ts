import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { audienceOf, type Claims, claimsOf, send, signed } from './context.ts';
import { newAttempt, type Stage, setStage } from './stage.ts';
import { newOrganization, startProcessor, startVault } from './support.ts';

let stage: Stage;
let processor: Awaited<ReturnType<typeof startProcessor>>;
let sent = 0;
before(async () => {
  stage = await setStage();
  processor = await startProcessor(stage.ground, (_request, response) => {
    sent += 1;
    response.end('{}');
  });
});
after(async () => {
  await processor.close();
  await stage.close();
});

const path = '/internal/tokens/keep';
const unknown = `tok_${'1'.repeat(22)}`;

/** A request for a token that is not there: 404 says that the vault acted on it. */
async function attempt(
  change: (claims: Claims) => Claims | undefined,
  options: { at?: string; body?: string; signer?: string; peer?: string } = {},
) {
  const { at = path, signer = 'payos-server', peer = 'payos-server' } = options;
  const body = JSON.stringify(stage.owned(unknown));
  const audience = await audienceOf(stage.ground, stage.vault);
  const claims = change(claimsOf(audience, path, body, 'payos-server'));
  const context = claims && signed(stage.ground, claims, signer);
  const reply = await send(stage.ground, stage.vault, at, options.body ?? body, context, peer);
  return { reply, context, body };
}

/** The vault's own word on why it refused last. */
async function reason(requestId: string): Promise<{ detail: string; seconds?: number }> {
  await stage.vault.said(requestId);
  const line = stage.vault
    .output()
    .split('\n')
    .find((one) => one.includes(requestId));
  const { level, detail, seconds } = JSON.parse(line ?? '{}');
  // Told of also where only warnings are kept.
  assert.equal(level, 'warn');
  return { detail, seconds };
}

async function assertRefused(reply: Awaited<ReturnType<typeof send>>, why: string) {
  assert.equal(reply.status, 403, reply.text);
  assert.equal(reply.json.code, 'context_refused');
  // Whoever asks learns nothing of what was wrong.
  assert.equal(reply.json.detail, reply.json.title);
  const { detail, seconds } = await reason(reply.json.request_id);
  assert.equal(detail, `context: ${why}`);
  return seconds;
}

describe('a request on the internal port', () => {
  it('is answered with a context of its own, once', async () => {
    const { reply, context, body } = await attempt((claims) => claims);
    assert.equal(reply.json.code, 'not_found');
    await assertRefused(await send(stage.ground, stage.vault, path, body, context), 'used');
    const twice = await Promise.all(
      Array.from({ length: 8 }, () => send(stage.ground, stage.vault, path, body, context)),
    );
    for (const one of twice) await assertRefused(one, 'used');
  });

  const now = () => Math.floor(Date.now() / 1000);
  const refused: [string, string, (claims: Claims) => Claims | undefined][] = [
    ['without one', 'missing', () => undefined],
    ['to hold for longer', 'wrong_life', (c) => ({ ...c, exp: Number(c['iat']) + 31 })],
    ['that ends before it begins', 'wrong_life', (c) => ({ ...c, iat: now() + 4, exp: now() + 2 })],
    ['for another vault', 'other_vault', (c) => ({ ...c, aud: `vault-${'0'.repeat(16)}` })],
    ['for another operation', 'other_operation', (c) => ({ ...c, operation: 'POST /internal/x' })],
    ['of another process', 'other_actor', (c) => ({ ...c, actor: 'payos-worker' })],
    ['for another body', 'other_body', (c) => ({ ...c, digest: 'A'.repeat(43) })],
    ['for another owner', 'other_owner', (c) => ({ ...c, owners: [`${newOrganization()}/test`] })],
    [
      'for one owner more',
      'other_owner',
      (c) => ({ ...c, owners: [...(c.owners as []), 'x/test'] }),
    ],
    ['for another token', 'other_owner', (c) => ({ ...c, token: `tok_${'2'.repeat(22)}` })],
    ['for no token', 'other_owner', ({ token: _, ...c }) => c],
    ['with more than there is', 'malformed', (c) => ({ ...c, admin: true })],
    ['of a key nobody has', 'unknown_key', (c) => ({ ...c, kid: '0'.repeat(32) })],
  ];
  for (const [name, why, change] of refused) {
    it(`is refused ${name}`, async () => {
      await assertRefused((await attempt(change)).reply, why);
    });
  }

  it('is refused when clocks differ, and the log says which is ahead, and how far', async () => {
    const iats = { expired: now() - 31, not_yet: now() + 20 };
    const [late = 0, early = 0] = await Promise.all(
      Object.entries(iats).map(async ([why, iat]) => {
        const { reply } = await attempt((c) => ({ ...c, iat, exp: iat + 30 }));
        assert.doesNotMatch(reply.text, /expired|not_yet|seconds/);
        return assertRefused(reply, why);
      }),
    );
    assert.ok(late >= 31 && late < 60, String(late));
    assert.ok(early < -5 && early >= -20, String(early));
  });

  it('is refused with a context that was signed for another request', async () => {
    const other = JSON.stringify({ ...stage.owned(unknown), organization: newOrganization() });
    await assertRefused((await attempt((c) => c, { body: other })).reply, 'other_body');
    const at = '/internal/tokens/delete';
    await assertRefused((await attempt((c) => c, { at })).reply, 'other_operation');
  });

  it('is refused when a byte of it was changed', async () => {
    const body = JSON.stringify(stage.owned(unknown));
    const claims = claimsOf(
      await audienceOf(stage.ground, stage.vault),
      path,
      body,
      'payos-server',
    );
    const [text = '', signature = ''] = signed(stage.ground, claims, 'payos-server').split('.');
    const kid = JSON.parse(Buffer.from(text, 'base64url').toString()).kid;
    const changed = Buffer.from(JSON.stringify({ kid, ...claims, exp: now() + 29 }));
    for (const [context, why] of [
      [`${changed.toString('base64url')}.${signature}`, 'wrong_signature'],
      [`${text}.${signature.slice(0, -4)}`, 'wrong_signature'],
      [`${text}.`, 'wrong_signature'],
      [`${text}.${signature}.${signature}`, 'malformed'],
      ['x', 'malformed'],
      [['x', 'y'], 'missing'],
    ] as const) {
      const reply = await send(stage.ground, stage.vault, path, body, context as string);
      await assertRefused(reply, why);
    }
  });

  it('needs certificate and signature of the same process', async () => {
    // The server's signing key without its certificate, and the reverse.
    const stolenKey = await attempt((c) => c, { peer: 'payos-worker' });
    await assertRefused(stolenKey.reply, 'other_actor');
    const stolenCertificate = await attempt((c) => c, { signer: 'payos-worker' });
    await assertRefused(stolenCertificate.reply, 'other_actor');
    const both = await attempt((c) => ({ ...c, actor: 'payos-worker' }), {
      signer: 'payos-worker',
      peer: 'payos-worker',
    });
    assert.equal(both.reply.json.code, 'not_found');
    const vault = await attempt((c) => c, { peer: 'payos-vault' });
    assert.equal(vault.reply.json.code, 'permission_denied');
  });

  it('of the worker cannot have a card sent, whatever signs it', async () => {
    const other = await setStage(
      { PAYOS_FORWARD_HOSTS: `localhost:${processor.port}` },
      stage.ground,
    );
    const body = JSON.stringify({
      ...other.owned(await other.createToken()),
      attempt: newAttempt(),
      retain: false,
      saved: false,
      timeout_ms: 5_000,
      not_after_ms: Date.now() + 60_000,
      request: { method: 'POST', url: processor.url, headers: {}, body: {} },
    });
    const at = '/internal/forward';
    const audience = await audienceOf(stage.ground, other.vault);
    for (const signer of ['payos-worker', 'payos-server']) {
      const claims = claimsOf(audience, at, body, signer);
      const context = signed(stage.ground, claims, signer);
      const reply = await send(stage.ground, other.vault, at, body, context, 'payos-worker');
      assert.equal(reply.json.code, 'permission_denied');
    }
    assert.equal(sent, 0);
    // A context for one vault process says nothing to another, nor to the same after a restart.
    const claims = claimsOf(audience, at, body, 'payos-server');
    const context = signed(stage.ground, claims, 'payos-server');
    await assertRefused(await send(stage.ground, stage.vault, at, body, context), 'other_vault');
    await other.restart('SIGKILL');
    const late = await send(stage.ground, other.vault, at, body, context);
    assert.equal(late.json.code, 'context_refused');
    assert.equal(sent, 0);
    await other.close();
  });
});

describe('the keys that requests are signed with', () => {
  it('are two while one replaces the other, and neither is of another kind or use', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'payos-keys-'));
    const file = join(folder, 'keys.pem');
    const pem = (key: { export(options: object): unknown }) =>
      String(key.export({ type: 'spki', format: 'pem' }));
    const next = generateKeyPairSync('ed25519').publicKey;
    const server = readFileSync(stage.ground.path('internal/payos-server-signing.pem'), 'utf8');
    const worker = readFileSync(stage.ground.path('internal/payos-worker-signing.pem'), 'utf8');
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const wrong: [string, RegExp][] = [
      [server + server, /listed twice/],
      [worker, /listed twice/],
      [pem(curve), /not an Ed25519 key/],
      [server + pem(next) + pem(curve), /one public key in PEM, or two/],
    ];
    for (const [content, message] of wrong) {
      writeFileSync(file, content);
      const vault = await startVault(stage.ground, { PAYOS_SERVER_SIGNING_KEYS_FILE: file });
      assert.equal(await vault.ended, 1);
      assert.match(vault.output(), message);
    }
    writeFileSync(file, pem(next) + server);
    const vault = await startVault(stage.ground, { PAYOS_SERVER_SIGNING_KEYS_FILE: file });
    const body = JSON.stringify(stage.owned(unknown));
    const claims = claimsOf(await audienceOf(stage.ground, vault), path, body, 'payos-server');
    const context = signed(stage.ground, claims, 'payos-server');
    const reply = await send(stage.ground, vault, path, body, context);
    assert.equal(reply.json.code, 'not_found');
    await vault.stop();
    rmSync(folder, { recursive: true });
  });
});
