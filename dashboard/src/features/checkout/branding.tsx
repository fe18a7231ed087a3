import { contrast, type schemas, textOn } from 'payos-contract';
import type { ReactNode } from 'react';
import { useCan, useRead, useSend } from '../../api/index.ts';
import {
  Button,
  Card,
  Details,
  ErrorState,
  Form,
  LoadingPage,
  PageHeader,
  TextField,
  toast,
  type Values,
} from '../../ui/index.ts';
import { readLogo } from './read-logo.ts';

const path = '/v1/organization/branding';

/** How the checkout page of the organization looks. */
export default function BrandingPage(): ReactNode {
  const branding = useRead<schemas.Branding>(path);
  return (
    <>
      <PageHeader
        title="Branding"
        text="How your checkout page looks to those who pay. They see the organization's name, too."
      />
      {branding.isError && (
        <ErrorState error={branding.error} onRetry={() => void branding.refetch()} />
      )}
      {branding.isPending && <LoadingPage />}
      {branding.isSuccess && <Shown branding={branding.data} />}
    </>
  );
}

function Shown({ branding }: { branding: schemas.Branding }): ReactNode {
  const can = useCan();
  return (
    <div className="grid grid-cols-1 gap-5">
      <Card title="As it is now">
        <Details
          entries={[
            ['Name', branding.name],
            ['Logo', <Logo key="l" path={branding.logo} />],
            ['Colour', sayColour(branding.accent)],
            ['Help page', branding.support_url ?? 'None'],
            ['Email for help', branding.support_email ?? 'None'],
          ]}
        />
      </Card>
      {can('organization:write') && <Change key={JSON.stringify(branding)} branding={branding} />}
    </div>
  );
}

function Logo({ path: logo }: { path: string | null }): ReactNode {
  return logo === null ? 'None' : <img src={logo} alt="Your logo" height={40} />;
}

function sayColour(accent: string | null): string {
  if (accent === null) return 'That of PayOS';
  const text = textOn(accent);
  const name = text === '#ffffff' ? 'white' : 'black';
  return `${accent}, with ${name} text on it: contrast ${contrast(accent, text).toFixed(1)}`;
}

function Change({ branding }: { branding: schemas.Branding }): ReactNode {
  const update = useSend<unknown, schemas.UpdateBranding>({
    method: 'PATCH',
    path,
    refresh: [path],
  });
  const send = async (values: Values, form: FormData) => {
    const textOf = (name: string) => (values[name] ?? '').trim() || null;
    const logo = await readLogo(form.get('logo'));
    await update.mutateAsync({
      accent: textOf('accent')?.toLowerCase() ?? null,
      support_url: textOf('support_url'),
      support_email: textOf('support_email'),
      ...(logo !== undefined && { logo }),
    });
    toast('The checkout page has its new look');
  };
  const removeLogo = async () => {
    await update.mutateAsync({ logo: null });
    toast('The logo was removed');
  };
  return (
    <Card title="Change it">
      <Form
        onSubmit={send}
        submit="Save"
        actions={
          branding.logo !== null && (
            <Button onClick={() => void removeLogo()}>Remove the logo</Button>
          )
        }
      >
        <TextField
          name="logo"
          type="file"
          label="Logo"
          hint="PNG, JPEG or WebP of at most 100 kB. It is shown 40 pixels high."
          accept="image/png,image/jpeg,image/webp"
        />
        <TextField
          name="accent"
          label="Colour of the button"
          hint="As #rrggbb. What stands on it is black or white, as reads better."
          defaultValue={branding.accent ?? ''}
          pattern="#[0-9a-fA-F]{6}"
          placeholder="#336699"
        />
        <TextField
          name="support_url"
          type="url"
          label="Help page"
          defaultValue={branding.support_url ?? ''}
          placeholder="https://shop.example.com/help"
        />
        <TextField
          name="support_email"
          type="email"
          label="Email for help"
          defaultValue={branding.support_email ?? ''}
        />
      </Form>
    </Card>
  );
}
