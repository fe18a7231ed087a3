type Act = {
  text: string;
  /**
   * Touches the card vault: a passkey alone is not enough, the session must also have seen the
   * password or a TOTP code (PCI DSS 8.4.1, FAQ 1596).
   */
  vault?: true;
};

/** How long a factor counts as fresh, in minutes. */
export const stepUpMinutes = 5;

/**
 * Acts that ask a signed-in person for a factor again when the last one was more than five
 * minutes ago (ASVS 7.5.3). A route names its act; an act that no route names fails a test.
 */
export const stepUpActs = {
  change_password: { text: 'Change your password' },
  change_email: { text: 'Change your email address' },
  add_factor: { text: 'Add a passkey or TOTP' },
  change_factors: { text: 'Remove a passkey or TOTP, or make new recovery codes' },
  invite_member: { text: 'Invite somebody' },
  change_member_roles: { text: 'Change what a member may do' },
  restore_member: { text: 'Enable or unlock a member' },
  decide_factor_reset: { text: 'Let a member enrol new factors' },
  change_roles: { text: 'Create, change or delete a role' },
  change_security_policy: { text: 'Change the rules for signing in' },
  disable_member: { text: 'Disable a member' },
  leave_organization: { text: 'Leave an organization' },
  rename_organization: { text: 'Rename the organization' },
  change_branding: { text: 'Change how the checkout page looks' },
  change_webhook_endpoints: { text: 'Create, change or delete a webhook endpoint' },
  create_api_key: { text: 'Create an API key' },
  rotate_api_key: { text: 'Rotate an API key' },
  change_key_policy: { text: 'Change the rules for API keys' },
  change_api_key: { text: 'Change or enable an API key' },
  request_card_gate: { text: 'Ask for the card gate to be opened', vault: true },
  approve_card_gate: { text: 'Open the card gate', vault: true },
  change_forward_destinations: {
    text: 'Name or remove a destination that cards may be sent to',
    vault: true,
  },
  decide_forward_destination: {
    text: 'Decide on a destination that cards may be sent to',
    vault: true,
  },
  delete_saved_card: { text: 'Delete a saved card from the vault', vault: true },
} as const satisfies Record<string, Act>;

export type StepUpAct = keyof typeof stepUpActs;

/** Whether the act touches the card vault. */
export function touchesVault(act: StepUpAct): boolean {
  return 'vault' in stepUpActs[act];
}
