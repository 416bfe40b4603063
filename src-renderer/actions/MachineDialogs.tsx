import { type Machine, machineName, type User, type UserId } from '@limen/contract';
import { Modal, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { copyText } from '../api/clipboard.ts';
import { hostClient } from '../api/host-client.ts';
import { DialogActions } from '../components/DialogActions.tsx';
import { ErrorCallout } from '../components/ErrorCallout.tsx';
import { RadioChoices } from '../components/RadioChoices.tsx';
import { useText } from '../locales/i18n.ts';
import { followJobs } from '../stores/followed-jobs.ts';
import { useMachine } from '../stores/inventory.ts';
import type { MachineRef } from '../stores/machine-key.ts';
import { closeOverlays, type MachineDialog, useOverlays } from '../stores/overlays.ts';
import { TemplateForm } from './TemplateForm.tsx';
import { freeName } from './free-name.ts';
import { useAttempt } from './use-attempt.ts';

/** Whichever dialog about a machine is open. */
export function MachineDialogs() {
  const dialog = useOverlays((state) => state.machine);
  return dialog && <Dialog dialog={dialog} />;
}

function Dialog({ dialog: { kind, target } }: { readonly dialog: MachineDialog }) {
  const { t } = useText();
  const machine = useMachine(target);
  if (!machine) return null;
  const props = { target, machine };
  return (
    <Modal opened onClose={closeOverlays} title={t(`lifecycle:${kind}.title`, { name: machine.name })}>
      {kind === 'clone' && <CloneForm {...props} />}
      {kind === 'rename' && <RenameForm {...props} />}
      {kind === 'template' && <TemplateForm {...props} />}
      {kind === 'owner' && <OwnerForm {...props} />}
    </Modal>
  );
}

interface FormProps {
  readonly target: MachineRef;
  readonly machine: Machine;
}

function CloneForm({ target: { linkId, machineId }, machine }: FormProps) {
  const { t } = useText();
  const { busy, error, attempt } = useAttempt();
  const form = useForm<{ name: string; mode: 'full' | 'linked'; startAfterCreation: boolean }>({
    initialValues: {
      name: freeName(machine.name, linkId),
      mode: 'full',
      startAfterCreation: false,
    },
    validateInputOnChange: true,
    validate: { name: (name) => (machineName.safeParse(name).success ? null : t('lifecycle:badName')) },
  });
  const submit = form.onSubmit((values) =>
    attempt(async () => {
      const { jobId, name } = await hostClient(linkId).machines.clone({ machineId, ...values });
      followJobs({ linkId, jobIds: [jobId], kind: 'machine.clone', name });
      closeOverlays();
    }),
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label={t('lifecycle:name')} data-autofocus {...form.getInputProps('name')} />
        <RadioChoices
          label={t('lifecycle:clone.mode')}
          choices={[
            { value: 'full', label: t('lifecycle:clone.full'), about: t('lifecycle:clone.fullAbout') },
            { value: 'linked', label: t('lifecycle:clone.linked'), about: t('lifecycle:clone.linkedAbout') },
          ]}
          {...form.getInputProps('mode')}
        />
        <Switch
          label={t('lifecycle:clone.start')}
          {...form.getInputProps('startAfterCreation', { type: 'checkbox' })}
        />
        {error && <ErrorCallout error={error} copy={copyText} />}
        <DialogActions busy={busy} submit={t('lifecycle:clone.submit')} onCancel={closeOverlays} />
      </Stack>
    </form>
  );
}

function RenameForm({ target: { linkId, machineId }, machine }: FormProps) {
  const { t } = useText();
  const { busy, error, attempt } = useAttempt();
  const form = useForm({
    initialValues: { name: machine.name },
    validateInputOnChange: true,
    validate: { name: (name) => (machineName.safeParse(name).success ? null : t('lifecycle:badName')) },
  });
  const submit = form.onSubmit(({ name }) =>
    attempt(async () => {
      await hostClient(linkId).machines.update({ machineId, name });
      closeOverlays();
    }),
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label={t('lifecycle:name')} data-autofocus {...form.getInputProps('name')} />
        {error && <ErrorCallout error={error} copy={copyText} />}
        <DialogActions busy={busy} submit={t('lifecycle:rename.submit')} onCancel={closeOverlays} />
      </Stack>
    </form>
  );
}

function OwnerForm({ target: { linkId, machineId }, machine }: FormProps) {
  const { t } = useText();
  const [users, setUsers] = useState<readonly User[]>();
  const [owner, setOwner] = useState<UserId | null>(machine.owner?.id ?? null);
  const { busy, error, attempt } = useAttempt();
  useEffect(() => {
    void attempt(async () => setUsers(await hostClient(linkId).users.list({})));
  }, [attempt, linkId]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(async () => {
          await hostClient(linkId).machines.setOwner({ machineId, userId: owner });
          closeOverlays();
        });
      }}
    >
      <Stack>
        {!machine.managed && <Text size="sm">{t('lifecycle:owner.unmanaged')}</Text>}
        <Select
          label={t('lifecycle:owner.field')}
          placeholder={t('lifecycle:owner.nobody')}
          data={(users ?? []).map(({ id, username }) => ({ value: id, label: username }))}
          value={owner}
          onChange={(id) => setOwner(id)}
          clearable
          searchable
          openOnFocus={false}
          data-autofocus
        />
        {error && <ErrorCallout error={error} copy={copyText} />}
        <DialogActions
          busy={busy}
          disabled={users === undefined}
          submit={t('common:save')}
          onCancel={closeOverlays}
        />
      </Stack>
    </form>
  );
}
