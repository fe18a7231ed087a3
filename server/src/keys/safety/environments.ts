/** Words by which people name where a service runs, when they name keys after it. */
const production = ['prod', 'production', 'live', 'prd'];
const others = [
  ...['dev', 'development', 'local', 'localhost', 'laptop', 'ci', 'test', 'tests', 'testing'],
  ...['qa', 'uat', 'sandbox', 'stage', 'staging', 'stg', 'preview', 'demo', 'preprod'],
];

/** Which environments a name says, e.g. both of `checkout (staging + prod)`. */
export function namedEnvironments(text: string): { production?: string; other?: string } {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const found = (names: readonly string[]) => words.find((word) => names.includes(word));
  const [main, other] = [found(production), found(others)];
  return {
    ...(main === undefined ? {} : { production: main }),
    ...(other === undefined ? {} : { other }),
  };
}
