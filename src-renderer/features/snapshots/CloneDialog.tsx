import { machineName } from '@limen/contract';
import { Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { freeName } from '../../actions/free-name.ts';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import type { SnapshotDetailsProps } from './SnapshotDetails.tsx';

export interface CloneDialogProps extends SnapshotDetailsProps {
  readonly onClose: () => void;
}

/** Another machine, with the disks as they were. */
export function CloneDialog({ model, snapshot, onClose }: CloneDialogProps) {
  const { t } = useText();
  const { linkId, machineId } = model.target;
  const { busy, error, attempt } = useAttempt();
  const form = useForm({
    initialValues: { name: freeName(model.machine.name, linkId), startAfterCreation: false },
    validateInputOnChange: true,
    validate: { name: (name) => (machineName.safeParse(name).success ? null : t('lifecycle:badName')) },
  });
  const submit = form.onSubmit((values) =>
    attempt(async () => {
      const request = { machineId, mode: 'full', snapshot: snapshot.name, ...values } as const;
      const { jobId, name } = await hostClient(linkId).machines.clone(request);
      followJobs({ linkId, jobIds: [jobId], kind: 'machine.clone', name });
      onClose();
    }),
  );
  return (
    <Modal opened onClose={onClose} title={t('snapshots:clone.title', { name: snapshot.name })}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t('snapshots:clone.about')}</Text>
          <TextInput label={t('lifecycle:name')} data-autofocus {...form.getInputProps('name')} />
          <Switch
            label={t('lifecycle:clone.start')}
            {...form.getInputProps('startAfterCreation', { type: 'checkbox' })}
          />
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions busy={busy} submit={t('lifecycle:clone.submit')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
