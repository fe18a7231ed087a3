import type { OpenApi } from '../server/src/reference/openapi.ts';
import {
  apiOverviewPage,
  errorsPage,
  eventsPage,
  permissionsPage,
  settingsPage,
} from './document-tables.ts';
import { dumpSchema } from './dump-schema.ts';
import { type Cluster, controlTemplate, databaseUrl, vaultTemplate } from './harness/cluster.ts';
import { buildDocuments } from './openapi/document.ts';
import { checkoutIntegrity, fieldsIntegrity } from './script-integrity.ts';
import { scriptInventoryPage } from './script-inventory.ts';
import { generateSdkTypes, missingSdkSchemas } from './sdk-types.ts';
import { vaultDependenciesPage, vaultLock, vaultManifest } from './vault-lock.ts';

/** Every committed file that is made from another, with what it should hold now. */
export async function generatedFiles(cluster: Cluster): Promise<Record<string, string>> {
  const [documents, server, vault] = await Promise.all([
    buildDocuments(),
    dumpSchema(databaseUrl(cluster, 'postgres', controlTemplate), 'payos_owner'),
    dumpSchema(databaseUrl(cluster, 'postgres', vaultTemplate), 'payos_vault_owner'),
  ]);
  const missing = missingSdkSchemas(documents.complete);
  if (missing.length > 0) throw new Error(`no schema is called ${missing.join(', ')}`);
  const [fields, checkout] = await Promise.all([fieldsIntegrity(), checkoutIntegrity()]);
  return {
    'contract/openapi.json': `${JSON.stringify(documents.public, null, 1)}\n`,
    'sdk/src/generated/types.ts': generateSdkTypes(documents.complete),
    'server/schema.sql': server,
    'vault/schema.sql': vault,
    'fields/integrity.json': fields,
    'checkout/integrity.json': checkout,
    'docs/pci/script-inventory.md': scriptInventoryPage(fields, checkout),
    'vault/deploy/package.json': vaultManifest(),
    'vault/deploy/package-lock.json': vaultLock(),
    'vault/dependencies.md': vaultDependenciesPage(),
    'docs/api-overview.md': apiOverviewPage(documents.public as OpenApi),
    'docs/errors.md': errorsPage(),
    'docs/settings.md': settingsPage(),
    'docs/permissions.md': permissionsPage(),
    'docs/events.md': eventsPage(),
  };
}
