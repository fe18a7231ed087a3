import { join } from 'node:path';
import { root } from './program.ts';
import { findTestFiles, isUnit } from './test-files.ts';

/** All unit tests in one process: loading what they load takes longer than most of them do. */
for (const file of findTestFiles([])) if (isUnit(file)) await import(join(root, file));
