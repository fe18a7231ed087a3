/** Where a secret is kept, as a setting names it. It is no secret itself: messages may show it. */
export type SecretReference = {
  service: 'vault' | 'aws-sm';
  /** Vault: `mount/path`, or `/` and the path of the API. AWS: the name or ARN of the secret. */
  path: string;
  /** Which value of the secret; only AWS has secrets that are one value as a whole. */
  field: string | undefined;
  /** The whole reference, as it was written. */
  text: string;
};

/** Reads one value from a secret service. @throws SettingRefused with what to do */
export type SecretSource = (reference: SecretReference) => Promise<string>;

/** Why the value of a setting cannot be had: a sentence for the operator, never with the value. */
export class SettingRefused extends Error {}

const vaultForm = /^vault:\/\/(\/?[^/#?\s]+(?:\/[^/#?\s]+)+)#([^#]+)$/;
const awsForm = /^aws-sm:\/\/([A-Za-z0-9/_+=.@:-]{1,2048})(?:#([^#]+))?$/;

/**
 * Tells a reference from a plain value.
 *
 * @returns undefined for a plain value
 * @throws SettingRefused for what was meant as a reference and is none: taken for the secret
 *   itself, it would be one that everybody can guess
 */
export function parseReference(value: string): SecretReference | undefined {
  const service = /^(vault|aws-sm):/i.exec(value)?.[1]?.toLowerCase();
  if (service === 'vault') {
    const [, path = '', field] = vaultForm.exec(value) ?? [];
    if (path === '' || path.split('/').some((part) => part === '.' || part === '..')) {
      throw new SettingRefused(
        'this is no reference to a secret of Vault: vault://mount/path#field.',
      );
    }
    return { service, path, field, text: value };
  }
  if (service === 'aws-sm') {
    const [, path = '', field] = awsForm.exec(value) ?? [];
    if (path === '') {
      throw new SettingRefused(
        'this is no reference to a secret of AWS: aws-sm://name#field, or aws-sm://name.',
      );
    }
    return { service, path, field, text: value };
  }
  return undefined;
}
