import type { StoragePool } from '@limen/contract';
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconTransfer } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useAttempt } from '../../../actions/use-attempt.ts';
import { copyText } from '../../../api/clipboard.ts';
import { hostClient } from '../../../api/host-client.ts';
import { DialogActions } from '../../../components/DialogActions.tsx';
import { ErrorCallout } from '../../../components/ErrorCallout.tsx';
import { formatBytes } from '../../../lib/format.ts';
import { useText } from '../../../locales/i18n.ts';
import { followJobs } from '../../../stores/followed-jobs.ts';
import { RateField } from '../fields.tsx';
import type { DiskDevice } from '../model/devices.ts';
import type { HardwareModel } from '../use-hardware-model.ts';
import type { DeviceFormProps } from './CpuForm.tsx';

const formats = ['qcow2', 'raw'] as const;
type Format = (typeof formats)[number];
/** Not a name a pool can have. */
const OWN_FOLDER = '/';
/** Pools whose volumes are files. */
const folderTypes: ReadonlySet<string> = new Set(['dir', 'fs', 'netfs']);

/** Begins a job that moves a disk to another place or format; it does not wait for the pending changes. */
export function MoveDisk({ model, device }: DeviceFormProps<DiskDevice>) {
  const { t } = useText();
  const [opened, { open, close }] = useDisclosure(false);
  const { stored } = device;
  if (!stored?.source?.startsWith('/') || stored.device !== 'disk') return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTransfer size={14} aria-hidden />}
        disabled={!model.editable || model.draft.size > 0 || model.machine.state === 'saved'}
        onClick={open}
      >
        {t('hardware:move.open')}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t('hardware:move.title', { name: device.target, machine: model.machine.name })}
      >
        <MoveForm model={model} device={device} format={stored.format} onEnd={close} />
      </Modal>
    </>
  );
}

interface MoveFormProps extends DeviceFormProps<DiskDevice> {
  readonly format: string | null;
  readonly onEnd: () => void;
}

function MoveForm({ model, device, format, onEnd }: MoveFormProps) {
  const { t, language } = useText();
  const { busy, error, attempt } = useAttempt();
  const { linkId, machineId } = model.target;
  const pools = usePools(model);
  const form = useForm<{ format: Format; pool: string; bytesPerSecond: number | null }>({
    initialValues: { format: format === 'raw' ? 'raw' : 'qcow2', pool: OWN_FOLDER, bytesPerSecond: null },
  });
  const submit = form.onSubmit(({ pool, ...wish }) =>
    attempt(async () => {
      const job = await hostClient(linkId).hardware.moveDisk({
        ...wish,
        machineId,
        target: device.target,
        pool: pool === OWN_FOLDER ? null : pool,
      });
      followJobs({ linkId, jobIds: [job.id], kind: 'disk.move', name: model.machine.name });
      onEnd();
    }),
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          {t(model.live === null ? 'hardware:move.aboutOff' : 'hardware:move.aboutRunning')}
        </Text>
        <Select
          label={t('hardware:move.where')}
          description={model.administers ? undefined : t('hardware:move.poolsRefused')}
          allowDeselect={false}
          disabled={!model.administers}
          data={[
            { value: OWN_FOLDER, label: t('hardware:move.ownFolder') },
            ...pools.map(({ name, availableBytes }) => ({
              value: name,
              label: t('hardware:move.pool', { name, free: formatBytes(availableBytes, language) }),
            })),
          ]}
          {...form.getInputProps('pool')}
        />
        <Group grow align="flex-start">
          <Select
            label={t('hardware:disk.format')}
            allowDeselect={false}
            data={[...formats]}
            {...form.getInputProps('format')}
          />
          {model.live !== null && (
            <RateField
              label={t('hardware:move.limit')}
              value={form.values.bytesPerSecond}
              onCommit={(rate) => form.setFieldValue('bytesPerSecond', rate)}
              disabled={false}
            />
          )}
        </Group>
        {error && <ErrorCallout error={error} copy={copyText} />}
        <DialogActions busy={busy} submit={t('hardware:move.submit')} onCancel={onEnd} />
      </Stack>
    </form>
  );
}

/** Places a disk's file can go to, but LIMEN's own; none until the host has answered. */
function usePools({ administers, target: { linkId } }: HardwareModel): readonly StoragePool[] {
  const [pools, setPools] = useState<readonly StoragePool[]>([]);
  useEffect(() => {
    if (!administers) return;
    const ended = new AbortController();
    hostClient(linkId)
      .storage.pools({}, { signal: ended.signal })
      .then(
        (all) =>
          setPools(
            all.filter(({ type, state, own }) => folderTypes.has(type) && state === 'running' && !own),
          ),
        // An older host has none to offer.
        () => {},
      );
    return () => ended.abort();
  }, [administers, linkId]);
  return pools;
}
