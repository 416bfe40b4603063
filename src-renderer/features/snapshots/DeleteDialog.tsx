import type { Snapshot } from '@limen/contract';
import { Alert, List, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { descendantsOf } from './model/tree.ts';
import type { SnapshotsModel } from './use-snapshots-model.ts';

export interface DeleteDialogProps {
  readonly model: SnapshotsModel;
  readonly snapshot: Snapshot;
  /** With all that were taken on it. */
  readonly withChildren: boolean;
  readonly onClose: () => void;
}

/** Names every moment that can not be gone back to any more. */
export function DeleteDialog({ model, snapshot, withChildren, onClose }: DeleteDialogProps) {
  const { t } = useText();
  const { target, machine, tree } = model;
  const { busy, error, attempt } = useAttempt();
  const { name } = snapshot;
  const lost = withChildren ? [snapshot, ...descendantsOf(snapshot, tree.snapshots)] : [snapshot];
  const submit = () =>
    attempt(async () => {
      const { linkId, machineId } = target;
      const job = await hostClient(linkId).snapshots.delete({ machineId, name, children: withChildren });
      followJobs({ linkId, jobIds: [job.id], kind: job.kind, name: machine.name });
      onClose();
    });
  return (
    <Modal opened onClose={onClose} title={t('snapshots:delete.title', { name, count: lost.length })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            {t('snapshots:delete.lost', { count: lost.length })}
            {lost.length > 1 && (
              <List size="sm" mt="xs">
                {lost.map((each) => (
                  <List.Item key={each.name}>{each.name}</List.Item>
                ))}
              </List>
            )}
          </Alert>
          <Text size="sm">{t('snapshots:delete.stays', { name: machine.name })}</Text>
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions busy={busy} color="red" submit={t('snapshots:delete.submit')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
