import { Modal, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { receiveSnapshots } from '../../stores/snapshots.ts';
import type { SnapshotDetailsProps } from './SnapshotDetails.tsx';

export interface DescribeDialogProps extends SnapshotDetailsProps {
  readonly onClose: () => void;
}

/** Change what is written about a snapshot. */
export function DescribeDialog({ model: { target }, snapshot, onClose }: DescribeDialogProps) {
  const { t } = useText();
  const { busy, error, attempt } = useAttempt();
  const [description, setDescription] = useState(snapshot.description);
  const submit = () =>
    attempt(async () => {
      const { linkId, machineId } = target;
      const { name } = snapshot;
      receiveSnapshots(target, await hostClient(linkId).snapshots.describe({ machineId, name, description }));
      onClose();
    });
  return (
    <Modal opened onClose={onClose} title={t('snapshots:describe.title', { name: snapshot.name })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <Textarea
            label={t('snapshots:take.description')}
            autosize
            minRows={3}
            maxRows={10}
            maxLength={4096}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
            data-autofocus
          />
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions busy={busy} submit={t('snapshots:describe.submit')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
