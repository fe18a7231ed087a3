import { checks } from './checks.ts';

/** `npm run lint`: types, lint rules, format. Prints what fails. */
const results = await Promise.all(
  checks.map(async ({ name, run }) => ({ name, ...(await run()) })),
);
for (const { name, code, output } of results) {
  if (code !== 0) console.log(`${name}: failed\n${output}`);
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;
