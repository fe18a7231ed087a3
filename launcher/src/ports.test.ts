import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { checkPorts } from './ports.ts';

async function takenPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('ports', () => {
  const host = '127.0.0.1';

  it('that are taken are all named at once, each with the setting to change', async () => {
    const first = await takenPort();
    const second = await takenPort();
    const wanted = [
      { setting: 'PAYOS_PORT', port: first.port, host },
      { setting: 'PAYOS_VAULT_PORT', port: second.port, host },
    ];
    const message = [
      `Port ${first.port} is taken. Set PAYOS_PORT to another one.`,
      `Port ${second.port} is taken. Set PAYOS_VAULT_PORT to another one.`,
    ].join('\n');
    await assert.rejects(checkPorts(wanted), { name: 'Refusal', message });
    first.server.close();
    second.server.close();
    await Promise.all([once(first.server, 'close'), once(second.server, 'close')]);
    await checkPorts(wanted);
  });

  it('must differ from each other', async () => {
    const { server, port } = await takenPort();
    server.close();
    await once(server, 'close');
    const wanted = [
      { setting: 'PAYOS_PORT', port, host },
      { setting: 'PAYOS_VAULT_PORT', port, host },
    ];
    await assert.rejects(checkPorts(wanted), {
      message: `PAYOS_VAULT_PORT and PAYOS_PORT are both ${port}. Change one.`,
    });
  });

  it('need an address that this machine has', async () => {
    const wanted = [{ setting: 'PAYOS_PORT', port: 0, host: '192.0.2.1' }];
    await assert.rejects(checkPorts(wanted), { message: /PAYOS_HOST: .* no address 192\.0\.2\.1/ });
  });
});
