import { join } from 'node:path';

const usual = join(import.meta.dirname, '../../node_modules/.cache/payos');

/** For processes of tests, as under `npm start`: what one has compiled, the next ones only load. */
export const compileCache = {
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? usual,
};
