import { join } from 'node:path';
import { ApiClient } from './api-client.ts';
import { freePorts } from './free-ports.ts';
import type { Installation } from './installation.ts';
import { OperatorClient } from './operator-client.ts';
import { TestProcess } from './processes.ts';

export type FurtherServer = Awaited<ReturnType<typeof startFurtherServer>>;

/** Another server process of the same installation, as behind a load balancer. */
export async function startFurtherServer(
  payos: Installation,
  settings: Record<string, string> = {},
) {
  const [port = 0, internal = 0] = await freePorts(2);
  const socket = join(payos.directory, `operator-${port}.sock`);
  const environment = {
    ...payos.processes.server.environment,
    PAYOS_PORT: String(port),
    PAYOS_INTERNAL_PORT: String(internal),
    PAYOS_OPERATOR_SOCKET: socket,
    ...settings,
  };
  const process = new TestProcess(
    'server',
    environment,
    join(payos.directory, `server-${port}.log`),
  );
  await process.start();
  return {
    process,
    ports: { api: port, internal },
    api: new ApiClient(`https://localhost:${port}`, payos.ca),
    operator: new OperatorClient(socket),
  };
}
