import Type from 'typebox';
import { closed, Nullable } from './common.ts';

/** Bytes of a logo at most. */
export const logoBytesMax = 102_400;
const logoTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type LogoType = (typeof logoTypes)[number];

const accent = Type.String({
  pattern: '^#[0-9a-f]{6}$',
  description: 'Colour of the button to pay; what stands on it is black or white, as reads better',
});
const supportUrl = Type.String({ maxLength: 300, pattern: '^https://[^\\s@\\\\]+$' });
const supportEmail = Type.String({ maxLength: 254, pattern: '^[^\\s@<>"?&]+@[^\\s@<>"?&]+$' });

/** How an organization looks to those who pay it. Its name is the organization's. */
export const Branding = Type.Object({
  object: Type.Literal('branding'),
  name: Type.String(),
  accent: Nullable(accent),
  logo: Nullable(Type.String({ description: 'Path of the picture' })),
  support_url: Nullable(supportUrl),
  support_email: Nullable(supportEmail),
});
export type Branding = Type.Static<typeof Branding>;

export const UpdateBranding = Type.Object(
  {
    accent: Type.Optional(Nullable(accent)),
    logo: Type.Optional(
      Nullable(
        Type.String({
          maxLength: Math.ceil(logoBytesMax / 3) * 4,
          pattern: '^[A-Za-z0-9+/]+={0,2}$',
          description: 'PNG, JPEG or WebP of at most 100 kB, in base64',
        }),
      ),
    ),
    support_url: Type.Optional(Nullable(supportUrl)),
    support_email: Type.Optional(Nullable(supportEmail)),
  },
  { ...closed, minProperties: 1 },
);
export type UpdateBranding = Type.Static<typeof UpdateBranding>;
