import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from './generated-files.ts';
import { startCluster } from './harness/cluster.ts';
import { root } from './program.ts';

/** `npm run generate`: writes every file that is made from another, and says which have changed. */
const { cluster, stop } = await startCluster();
try {
  for (const [path, content] of Object.entries(await generatedFiles(cluster))) {
    const file = join(root, path);
    if (read(file) === content) continue;
    writeFileSync(file, content);
    console.log(`written: ${path}`);
  }
} finally {
  await stop();
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
