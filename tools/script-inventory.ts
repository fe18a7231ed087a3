import type { Script } from './script-integrity.ts';

type Published = { version: string; scripts: Script[] };

const rowOf = ({ path, purpose, loaded_by, owner, integrity }: Script) =>
  `| \`${path}\` | ${loaded_by} | ${purpose} | ${owner} | \`${integrity}\` |`;

/**
 * `docs/pci/script-inventory.md`, from the published hashes.
 *
 * @param fields `fields/integrity.json`
 * @param checkout `checkout/integrity.json`
 */
export function scriptInventoryPage(fields: string, checkout: string): string {
  const { version, scripts } = JSON.parse(fields) as Published;
  const rows = scripts.map(rowOf);
  const pageRows = (JSON.parse(checkout) as Published).scripts.map(rowOf);
  const loader = scripts.find(({ path }) => path.endsWith('/payos.js'));
  return `# Scripts of payment pages

<!-- Written by \`npm run generate\`. Do not edit. -->

Requirement 6.4.3 of PCI DSS wants, for every script of a payment page, that somebody allowed
it, that its content is known, and that it is on a list
with the reason why it is there. 11.6.1 wants changes of scripts and of security headers
noticed, at least weekly unless a risk analysis says
otherwise. (Second-hand, in our words.)

## Secure fields, version ${version}

On the origin of the vault. What is under a version never changes; a new build is a new version.
The same list for programs:
\`fields/integrity.json\`. A test builds the scripts anew and compares: \`tools/generated.test.ts\`.

| script | loaded by | reason | whose | integrity |
|---|---|---|---|---|
${rows.join('\n')}

What the vault serves is held by \`vault/test/fields/fields.test.ts\`:
"is the script that was published, for every page, for ever",
"is a document that loads nothing foreign and is shown where the key says".

The frames load these and nothing else: their policy allows scripts and connections of the
vault's origin only, nothing inline, no other host. The
document of the frames names its script and style sheet with their hashes.

## The hosted checkout page

On the origin of the API, the form to pay with. For programs: \`checkout/integrity.json\`, held by
the same test. Besides these the page loads the loader above, with its hash.

| script | loaded by | reason | whose | integrity |
|---|---|---|---|---|
${pageRows.join('\n')}

Its policy allows nothing inline and no other host, and no text becomes code; nobody frames it:
\`checkout/test/checkout.test.ts\`: "makes the browser complain of nothing",
"keeps its secret and the card to itself".

## For the merchant

1. Include the loader with its hash, so that the browser refuses any other content:

   \`\`\`html
   <script src="https://vault.example${loader?.path ?? ''}"
     integrity="${loader?.integrity ?? ''}" crossorigin="anonymous"></script>
   \`\`\`

2. Serve the page that holds the frames with a policy that allows what you use and no more, for
   example
   \`script-src 'self' https://vault.example; frame-src https://vault.example\`.
3. Put the loader on **your** list, with the reason above, who allowed it and when; and every
   other script of that page as well. Ours is the only one
   that the fields need.
4. Look at least weekly whether page, headers and loader are what they were. The hash makes the
   browser look at the loader each time; it says nothing
   of your own page.
5. When a version ends, change URL and hash together, on purpose.

## For the operator

\`npx payos pci report\` fetches each script of both lists from the running installation,
and says whether what is served is what was published. Run it weekly, from another
machine than the vault's if you can, and keep what it wrote.

The dashboard is no payment page. Its policy: \`server/test/security-policy.test.ts\`.
`;
}
