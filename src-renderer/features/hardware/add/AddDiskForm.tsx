import { type DiskBus, diskBus, diskCache, diskDiscard, type HardwareEdit } from '@limen/contract';
import { Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { DialogActions } from '../../../components/DialogActions.tsx';
import { RadioChoices } from '../../../components/RadioChoices.tsx';
import { SizeInput } from '../../../components/SizeInput.tsx';
import { formatBytes } from '../../../lib/format.ts';
import { useText } from '../../../locales/i18n.ts';
import classes from '../hardware.module.css';
import { timingOf } from '../model/liveness.ts';
import { useHostOptions } from '../use-host-options.ts';
import type { AddFormProps } from './AddDialog.tsx';

type AddDisk = Extract<HardwareEdit, { type: 'add-disk' }>;

interface DiskValues {
  readonly source: 'new' | 'attach';
  readonly sizeBytes: number | string;
  readonly path: string;
  readonly bus: DiskBus;
  readonly cache: AddDisk['cache'];
  readonly discard: AddDisk['discard'];
}

const GIB = 2 ** 30;
const LEAST_BYTES = 2 ** 20;

/** A disk: a new one, or a file that is there. */
export function AddDiskForm({ model, onAdd, onCancel }: AddFormProps) {
  const { t, language } = useText();
  const { linkId } = model.target;
  const options = useHostOptions(linkId);
  const form = useForm<DiskValues>({
    initialValues: {
      source: 'new',
      sizeBytes: 20 * GIB,
      path: '',
      bus: 'virtio',
      cache: 'default',
      discard: 'unmap',
    },
    validate: {
      sizeBytes: (bytes, { source }) =>
        source === 'new' && !(Number(bytes) >= LEAST_BYTES)
          ? t('hardware:wrong.atLeast', { size: formatBytes(LEAST_BYTES, language) })
          : null,
      path: (path, { source }) =>
        source === 'attach' && !path.trim().startsWith('/') ? t('hardware:wrong.path') : null,
    },
    validateInputOnBlur: true,
  });
  const { values } = form;
  const edit = toEdit(values);
  const timing = timingOf(edit, model.hardware);
  return (
    <form onSubmit={form.onSubmit((checked) => onAdd(toEdit(checked)))}>
      <Stack>
        <RadioChoices
          label={t('hardware:add.disk.source')}
          choices={[
            { value: 'new', label: t('hardware:add.disk.new') },
            {
              value: 'attach',
              label: t('hardware:add.disk.attach'),
              about: t(
                model.administers ? 'hardware:add.disk.attachAbout' : 'hardware:add.disk.attachRefused',
              ),
              disabled: !model.administers,
            },
          ]}
          {...form.getInputProps('source')}
        />
        {values.source === 'attach' ? (
          <TextInput
            label={t('hardware:add.disk.path')}
            placeholder="/srv/disks/data.qcow2"
            spellCheck={false}
            {...form.getInputProps('path')}
          />
        ) : (
          <SizeInput
            label={t('hardware:disk.size')}
            {...form.getInputProps('sizeBytes')}
            value={values.sizeBytes}
          />
        )}
        <div className={classes['two']}>
          <Select
            label={t('hardware:field.bus')}
            allowDeselect={false}
            data={diskBus.options.filter((bus) => options?.diskBuses.includes(bus) ?? true)}
            {...form.getInputProps('bus')}
          />
          <Select
            label={t('hardware:field.cache')}
            allowDeselect={false}
            data={diskCache.options.map((cache) => ({
              value: cache,
              label: t(`hardware:disk.caches.${cache}`),
            }))}
            {...form.getInputProps('cache')}
          />
          <Select
            label={t('hardware:field.discard')}
            allowDeselect={false}
            style={{ gridColumn: '1 / -1' }}
            data={diskDiscard.options.map((how) => ({
              value: how,
              label: t(`hardware:disk.discards.${how}`),
            }))}
            {...form.getInputProps('discard')}
          />
        </div>
        <Text size="sm" c="var(--limen-quiet)">
          {timing.when === 'now' ? t('hardware:timing.nowAbout') : t(`hardware:timing.${timing.reason}`)}
        </Text>
        <DialogActions busy={false} submit={t('hardware:add.submit')} onCancel={onCancel} />
      </Stack>
    </form>
  );
}

function toEdit({ source, sizeBytes, path, bus, cache, discard }: DiskValues): AddDisk {
  const from =
    source === 'attach'
      ? ({ type: 'attach', path: path.trim() } as const)
      : ({ type: 'new', sizeBytes: Number(sizeBytes) } as const);
  return { type: 'add-disk', source: from, bus, cache, discard };
}
