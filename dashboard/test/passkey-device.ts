import type { Page } from 'playwright-core';

/** Gives the browser a device that holds passkeys and always knows its owner. */
export async function addPasskeyDevice(page: Page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await debug.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /**
     * Whether somebody sits at it. Somebody who does also answers what the page asks for in the
     * background, and so is signed in as soon as the sign-in page opens.
     */
    setPresence: (enabled: boolean) =>
      debug.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
  };
}
