import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Texts are compressed once, here, and not on every request. */
function compressed(): Plugin {
  const pack = async (file: string) => {
    const content = readFileSync(file);
    writeFileSync(`${file}.br`, await promisify(brotliCompress)(content));
    writeFileSync(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
  };
  return {
    name: 'compressed',
    async writeBundle({ dir = '' }) {
      const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
      const texts = names.filter((name) => /\.(js|css)$/.test(name));
      await Promise.all(texts.map((name) => pack(join(dir, name))));
    },
  };
}

export default defineConfig({
  base: '/checkout/',
  plugins: [compressed()],
  build: {
    // Browsers that know `light-dark()`.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // A file inside another would be refused by the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
