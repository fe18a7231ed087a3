import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const folder = `v${version}`;

/** Texts are compressed once, here, and not on every request. */
function compressed(): Plugin {
  const pack = async (file: string) => {
    const content = readFileSync(file);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    writeFileSync(`${file}.br`, await promisify(brotliCompress)(content, { params }));
    writeFileSync(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
  };
  return {
    name: 'compressed',
    async writeBundle({ dir = '' }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name));
      await Promise.all(texts.map((name) => pack(join(dir, name))));
    },
  };
}

/** The document of the frames, which names its script and style sheet with their hashes. */
function frameDocument(): Plugin {
  return {
    name: 'frame-document',
    applyToEnvironment: ({ name }) => name === 'client',
    writeBundle({ dir = '' }) {
      const html = readFileSync(new URL('frame.html', import.meta.url), 'utf8');
      const place = (name: string) => {
        const hash = createHash('sha384').update(readFileSync(join(dir, folder, name)));
        return `"/fields/${folder}/${name}" integrity="sha384-${hash.digest('base64')}"`;
      };
      const links = [
        `<link rel="stylesheet" href=${place('frame.css')} />`,
        `<script type="module" src=${place('frame.js')}></script>`,
      ];
      const text = html.replace('  </head>', `    ${links.join('\n    ')}\n  </head>`);
      writeFileSync(join(dir, folder, 'frame.html'), text);
    },
  };
}

/** One script without chunks. */
const entry = (name: string, format: 'iife' | 'es') => ({
  rolldownOptions: {
    input: new URL(`src/${name === 'payos' ? 'loader' : 'frame'}/main.ts`, import.meta.url)
      .pathname,
    output: {
      format,
      entryFileNames: `${folder}/${name}.js`,
      assetFileNames: `${folder}/${name}[extname]`,
      codeSplitting: false,
    },
  },
});

const common = {
  // Browsers that know `light-dark()`.
  target: ['chrome123', 'firefox128', 'safari17.5'] as string[],
  assetsInlineLimit: 0,
  copyPublicDir: false,
  emptyOutDir: false,
  modulePreload: false as const,
  reportCompressedSize: false,
};

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [frameDocument(), compressed()],
  environments: {
    client: { build: { ...common, ...entry('frame', 'es') } },
    loader: { consumer: 'client', build: { ...common, ...entry('payos', 'iife') } },
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) {
        if (environment.name === 'client' || environment.name === 'loader') {
          await builder.build(environment);
        }
      }
    },
  },
});
