import type { ReactNode } from 'react';
import { useActiveSession, useCan, useSend } from '../../api/index.ts';
import { Card, CopyableId, Details, Form, TextField, toast } from '../../ui/index.ts';

/** What the organization is called, and its id. */
export function OrganizationName(): ReactNode {
  const { organization } = useActiveSession();
  const can = useCan();
  const rename = useSend<unknown, { name: string }>({
    method: 'PATCH',
    path: '/v1/organization',
    refresh: ['/v1/organization', 'session'],
  });
  if (organization === null) return null;
  const { id, name } = organization;
  const send = async (values: Readonly<Record<string, string>>) => {
    await rename.mutateAsync({ name: (values['name'] ?? '').trim() });
    toast('The organization was renamed');
  };
  return (
    <Card title="Organization">
      <div className="grid gap-4">
        <Details
          entries={[
            can('organization:write') ? undefined : ['Name', name],
            ['Id', <CopyableId key="id" id={id} />],
          ]}
        />
        {can('organization:write') && (
          <Form onSubmit={send} submit="Rename">
            <div className="max-w-96">
              <TextField
                key={name}
                name="name"
                label="Name"
                hint="People see it when they are invited and at the top of the dashboard."
                defaultValue={name}
                maxLength={200}
                autoComplete="organization"
                required
              />
            </div>
          </Form>
        )}
      </div>
    </Card>
  );
}
