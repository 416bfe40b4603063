import { type HostLinkId, poolId, storageName, type StoragePool, type StorageVolume } from '@limen/contract';
import { Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { usePools } from '../../stores/storage.ts';
import { holdsFiles, suggestCopyName } from './volume-names.ts';

export interface CloneVolumeDialogProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly volume: StorageVolume;
  readonly onClose: () => void;
}

/** Copy a volume, into another pool and another format if so wished. */
export function CloneVolumeDialog({ linkId, pool, volume, onClose }: CloneVolumeDialogProps) {
  const { t } = useText();
  const { pools = [pool] } = usePools(linkId);
  const targets = pools.filter(({ state, own }) => state === 'running' && !own);
  const { busy, error, attempt } = useAttempt();
  const form = useForm({
    initialValues: {
      newName: suggestCopyName(volume.name),
      target: pool.own ? null : (pool.id as string | null),
      format: volume.format === 'raw' ? ('raw' as const) : ('qcow2' as const),
    },
    validateInputOnChange: true,
    validate: {
      newName: (name) => (storageName.safeParse(name).success ? null : t('storage:error.name')),
      target: (target) => (target === null ? t('storage:error.pool') : null),
    },
  });
  const target = targets.find(({ id }) => id === form.values.target);
  const files = target !== undefined && holdsFiles(target.type);
  const submit = form.onSubmit(({ newName, format }) =>
    attempt(async () => {
      if (target === undefined) return;
      const job = await hostClient(linkId).storage.cloneVolume({
        poolId: pool.id,
        name: volume.name,
        targetPoolId: poolId.parse(target.id),
        newName,
        format: files ? format : 'raw',
      });
      followJobs({ linkId, jobIds: [job.id], kind: job.kind, name: newName });
      onClose();
    }),
  );
  return (
    <Modal opened onClose={onClose} title={t('storage:clone.title', { name: volume.name })}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t('storage:field.newName')} data-autofocus {...form.getInputProps('newName')} />
          <Select
            label={t('storage:field.targetPool')}
            data={targets.map(({ id, name }) => ({ value: id, label: name }))}
            allowDeselect={false}
            nothingFoundMessage={t('storage:clone.nowhere')}
            {...form.getInputProps('target')}
          />
          {files && (
            <Select
              label={t('storage:field.format')}
              data={['qcow2', 'raw']}
              allowDeselect={false}
              {...form.getInputProps('format')}
            />
          )}
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions busy={busy} submit={t('storage:clone.submit')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
