#!/usr/bin/env node
// `npx payos …`: finds the right Node and the dependencies, then runs the command line.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
process.argv.splice(2, 0, join(here, '../cli/src/main.ts'));
await import('./bootstrap.mjs');
