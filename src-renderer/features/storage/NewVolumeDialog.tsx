import { type HostLinkId, type Preallocation, storageName, type StoragePool } from '@limen/contract';
import { Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { SizeInput } from '../../components/SizeInput.tsx';
import { UsageBar } from '../../components/UsageBar.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { holdsFiles, withEnding } from './volume-names.ts';

export interface NewVolumeDialogProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly onClose: () => void;
}

interface Wish {
  readonly name: string;
  readonly format: 'qcow2' | 'raw';
  readonly size: number | string;
  readonly preallocation: Preallocation;
}

/** An empty volume, for a machine to be. Shows what the pool would have promised with it. */
export function NewVolumeDialog({ linkId, pool, onClose }: NewVolumeDialogProps) {
  const { t, language } = useText();
  const { busy, error, attempt } = useAttempt();
  const files = holdsFiles(pool.type);
  const initialValues: Wish = {
    name: '',
    format: files ? 'qcow2' : 'raw',
    size: 20 * 2 ** 30,
    preallocation: 'none',
  };
  const form = useForm<Wish>({
    initialValues,
    validateInputOnChange: true,
    validate: {
      name: (name) => (storageName.safeParse(name).success ? null : t('storage:error.name')),
      size: (size) => (Number(size) >= 2 ** 20 ? null : t('storage:error.size')),
    },
  });
  const { format } = form.values;
  const ways = (['none', 'metadata', 'full'] as const).filter(
    (way) => way !== 'metadata' || format === 'qcow2',
  );
  const submit = form.onSubmit(({ name, size, preallocation }) =>
    attempt(async () => {
      const file = withEnding(name, format, pool.type);
      const job = await hostClient(linkId).storage.createVolume({
        poolId: pool.id,
        name: file,
        format,
        capacityBytes: Number(size),
        preallocation: ways.includes(preallocation) ? preallocation : 'none',
      });
      followJobs({ linkId, jobIds: [job.id], kind: job.kind, name: file });
      onClose();
    }),
  );
  return (
    <Modal opened onClose={onClose} title={t('storage:newVolume.title', { pool: pool.name })}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('storage:field.name')}
            data-autofocus
            {...(files && { description: t('storage:newVolume.ending', { format }) })}
            {...form.getInputProps('name')}
          />
          {files && (
            <Select
              label={t('storage:field.format')}
              data={(['qcow2', 'raw'] as const).map((value) => ({
                value,
                label: t(`storage:format.${value}`),
              }))}
              allowDeselect={false}
              {...form.getInputProps('format')}
            />
          )}
          <SizeInput
            label={t('storage:field.size')}
            value={form.values.size}
            onChange={(size) => form.setFieldValue('size', size)}
            error={form.errors['size']}
          />
          <Select
            label={t('storage:field.preallocation')}
            data={ways.map((value) => ({ value, label: t(`storage:preallocation.${value}`) }))}
            allowDeselect={false}
            {...form.getInputProps('preallocation')}
          />
          <UsageBar
            label={t('storage:promised')}
            used={pool.promisedBytes ?? 0}
            added={Number(form.values.size)}
            limit={pool.capacityBytes}
            format={(value) => formatBytes(value, language)}
          />
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions busy={busy} submit={t('storage:newVolume.submit')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
