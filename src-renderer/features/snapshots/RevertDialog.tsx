import { type Snapshot, snapshotName } from '@limen/contract';
import { Alert, Checkbox, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { suggestName } from './model/tree.ts';
import { whyNone } from './model/ways.ts';
import { Reasons } from './Reasons.tsx';
import type { SnapshotsModel } from './use-snapshots-model.ts';

export interface RevertDialogProps {
  readonly model: SnapshotsModel;
  readonly snapshot: Snapshot;
  readonly onClose: () => void;
}

/** Names what is lost, and offers to keep it. */
export function RevertDialog({ model, snapshot, onClose }: RevertDialogProps) {
  const { t } = useText();
  const { tree, machine, target } = model;
  const { busy, error, attempt } = useAttempt();
  const impossible = whyNone(tree.options);
  const form = useForm({
    initialValues: {
      keep: impossible.length === 0,
      presentAs: suggestName((number) => t('snapshots:revert.suggested', { number }), tree.snapshots, 1),
      start: false,
    },
    validateInputOnChange: true,
    validate: {
      presentAs: (name, { keep }) => {
        if (!keep) return null;
        if (tree.snapshots.some((each) => each.name === name.trim())) return t('snapshots:take.taken');
        return snapshotName.safeParse(name).success ? null : t('snapshots:take.badName');
      },
    },
  });
  const { keep } = form.values;
  const submit = form.onSubmit(({ presentAs, start }) =>
    attempt(async () => {
      const { linkId, machineId } = target;
      const { name } = snapshot;
      const present = keep ? { presentAs } : {};
      const job = await hostClient(linkId).snapshots.revert({ machineId, name, start, ...present });
      followJobs({ linkId, jobIds: [job.id], kind: job.kind, name: machine.name });
      onClose();
    }),
  );
  return (
    <Modal opened onClose={onClose} title={t('snapshots:revert.title', { name: snapshot.name })}>
      <form onSubmit={submit}>
        <Stack>
          <Alert
            color={keep ? 'yellow' : 'red'}
            variant="light"
            icon={<IconAlertTriangle aria-hidden />}
            role="status"
          >
            {t(keep ? 'snapshots:revert.kept' : 'snapshots:revert.lost', { name: machine.name })}
          </Alert>
          <Checkbox
            label={t('snapshots:revert.keep')}
            disabled={impossible.length > 0}
            description={impossible.length > 0 ? <Reasons refusals={impossible} /> : undefined}
            {...form.getInputProps('keep', { type: 'checkbox' })}
          />
          {keep && (
            <TextInput label={t('snapshots:take.name')} data-autofocus {...form.getInputProps('presentAs')} />
          )}
          {!snapshot.memory && (
            <Checkbox
              label={t('snapshots:revert.start')}
              {...form.getInputProps('start', { type: 'checkbox' })}
            />
          )}
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions
            busy={busy}
            {...(!keep && { color: 'red' })}
            disabled={!form.isValid()}
            submit={t('snapshots:revert.submit')}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
