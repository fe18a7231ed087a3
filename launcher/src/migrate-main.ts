import { loadSettings } from 'payos-secrets';
import { migrateZones } from './databases.ts';
import { messageOf } from './refusal.ts';
import { complain, say } from './screen.ts';

const names = ['DATABASE_URL', 'VAULT_DATABASE_URL'] as const;
const parsed = await loadSettings(process.env, names, names);
if (!parsed.ok) {
  for (const mistake of parsed.mistakes) complain(mistake);
  process.exit(1);
}
for (const warning of parsed.warnings) complain(`Warning: ${warning}`);
try {
  const { DATABASE_URL, VAULT_DATABASE_URL } = parsed.settings;
  const applied = await migrateZones([
    { zone: 'control', url: DATABASE_URL },
    { zone: 'vault', url: VAULT_DATABASE_URL },
  ]);
  for (const name of applied) say(`Applied ${name}`);
  say('Both databases are up to date.');
} catch (error) {
  complain(messageOf(error));
  process.exit(1);
}
