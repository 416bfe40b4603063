import { machineName } from '@limen/contract';
import { Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { useText } from '../../locales/i18n.ts';
import type { TrashEntry } from '../../stores/trash.ts';

export interface RestoreDialogProps {
  readonly entry: TrashEntry;
  readonly onClose: () => void;
}

/** Restore under another name. */
export function RestoreDialog({ entry, onClose }: RestoreDialogProps) {
  const { t } = useText();
  const { busy, error, attempt } = useAttempt();
  const form = useForm({
    initialValues: { name: `${entry.trashed.name}-restored` },
    validateInputOnChange: true,
    validate: { name: (name) => (machineName.safeParse(name).success ? null : t('lifecycle:badName')) },
  });
  const submit = form.onSubmit(({ name }) =>
    attempt(async () => {
      await hostClient(entry.linkId).machines.restore({ machineId: entry.machine.id, name });
      notifyDone(t('trash:restore.done', { name }));
      onClose();
    }),
  );
  return (
    <Modal opened onClose={onClose} title={t('trash:restore.title', { name: entry.trashed.name })}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t('trash:restore.taken', { name: entry.trashed.name })}</Text>
          <TextInput label={t('lifecycle:name')} data-autofocus {...form.getInputProps('name')} />
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions busy={busy} submit={t('trash:restore.button')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
