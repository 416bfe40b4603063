import { diskBus, diskCache, diskDiscard, type HardwareEdit, type IoLimits } from '@limen/contract';
import { Group, Select, Text, Title } from '@mantine/core';
import { FactList } from '../../../components/FactList.tsx';
import { formatBytes } from '../../../lib/format.ts';
import { useText } from '../../../locales/i18n.ts';
import { OperationsField, RateField, SizeField } from '../fields.tsx';
import { FormFrame } from '../FormFrame.tsx';
import classes from '../hardware.module.css';
import type { DiskDevice } from '../model/devices.ts';
import type { HardwareModel } from '../use-hardware-model.ts';
import type { DeviceFormProps } from './CpuForm.tsx';
import { MoveDisk } from './MoveDisk.tsx';
import { RemoveDisk } from './RemoveDisk.tsx';

const MOST_BYTES = 64 * 2 ** 40;

/** A disk: where it lies, how large it is, how it is attached, and how fast it may be. */
export function DiskForm({ model, device }: DeviceFormProps<DiskDevice>) {
  const { t, language } = useText();
  const disk = device.stored ?? device.live;
  if (!disk) return null;
  const size = (bytes: number | null) =>
    bytes === null ? t('common:unknown') : formatBytes(bytes, language);
  return (
    <FormFrame
      model={model}
      device={device}
      title={t('hardware:device.diskNamed', { name: device.target })}
      actions={
        <Group gap="xs" wrap="nowrap">
          <MoveDisk model={model} device={device} />
          <RemoveDisk model={model} device={device} />
        </Group>
      }
    >
      <FactList
        facts={[
          { label: t('hardware:field.file'), value: disk.source ?? t('common:none') },
          { label: t('hardware:disk.format'), value: disk.format ?? t('common:unknown') },
          { label: t('hardware:disk.allocated'), value: size(disk.allocatedBytes) },
          ...(disk.serial === null ? [] : [{ label: t('hardware:disk.serial'), value: disk.serial }]),
          ...(disk.readonly ? [{ label: t('hardware:disk.readonly'), value: t('common:yes') }] : []),
        ]}
      />
      <DiskFields model={model} device={device} />
      <Limits model={model} device={device} />
    </FormFrame>
  );
}

type DiskUpdate = Extract<HardwareEdit, { type: 'update-disk' }>;

function updateOf(model: HardwareModel, key: string): DiskUpdate | undefined {
  const edit = model.draft.get(key);
  return edit?.type === 'update-disk' ? edit : undefined;
}

function isRemoved({ draft }: HardwareModel, { target, stored }: DiskDevice): boolean {
  return stored === undefined || draft.has(`remove-disk/${target}`);
}

function DiskFields({ model, device }: DeviceFormProps<DiskDevice>) {
  const { t, language } = useText();
  const { target, stored: disk } = device;
  if (!disk) return <Text size="sm">{t('hardware:disk.goneAtNextBoot')}</Text>;
  const disabled = !model.editable || isRemoved(model, device);
  const wished = updateOf(model, `disk/${target}`);
  const growth = model.draft.get(`grow-disk/${target}`);
  const capacity = disk.capacityBytes ?? 0;
  const restart = model.live === null ? undefined : t('hardware:needsRestart');
  const update = (change: Omit<DiskUpdate, 'type' | 'target'>) =>
    model.put({ type: 'update-disk', target, ...change });
  const known = diskBus.safeParse(disk.bus).success;
  return (
    <div className={classes['two']}>
      <SizeField
        label={t('hardware:disk.size')}
        description={t('hardware:disk.growAbout')}
        value={growth?.type === 'grow-disk' ? growth.sizeBytes : capacity}
        min={capacity}
        max={MOST_BYTES}
        wrong={t('hardware:wrong.onlyGrows', { size: formatBytes(capacity, language) })}
        onCommit={(sizeBytes) => model.put({ type: 'grow-disk', target, sizeBytes })}
        disabled={disabled || disk.capacityBytes === null}
      />
      <Select
        label={t('hardware:field.bus')}
        description={restart ?? t('hardware:disk.busAbout')}
        allowDeselect={false}
        disabled={disabled || !known}
        value={wished?.bus ?? disk.bus}
        data={known ? [...diskBus.options] : [disk.bus]}
        onChange={(bus) => update({ bus: diskBus.parse(bus) })}
      />
      <Select
        label={t('hardware:field.cache')}
        description={restart}
        allowDeselect={false}
        disabled={disabled}
        value={wished?.cache ?? disk.cache}
        data={diskCache.options.map((cache) => ({ value: cache, label: t(`hardware:disk.caches.${cache}`) }))}
        onChange={(cache) => update({ cache: diskCache.parse(cache) })}
      />
      <Select
        label={t('hardware:field.discard')}
        description={restart}
        allowDeselect={false}
        disabled={disabled}
        value={wished?.discard ?? disk.discard}
        data={diskDiscard.options.map((how) => ({ value: how, label: t(`hardware:disk.discards.${how}`) }))}
        onChange={(how) => update({ discard: diskDiscard.parse(how) })}
      />
    </div>
  );
}

function Limits({ model, device }: DeviceFormProps<DiskDevice>) {
  const { t } = useText();
  const { target, stored: disk } = device;
  if (!disk) return null;
  const limits = updateOf(model, `disk-limits/${target}`)?.ioLimits ?? disk.ioLimits;
  const disabled = !model.editable || isRemoved(model, device);
  const field = (name: keyof IoLimits) => ({
    label: t(`hardware:disk.${name}`),
    value: limits[name] === 0 ? null : limits[name],
    onCommit: (value: number | null) =>
      model.put({ type: 'update-disk', target, ioLimits: { ...limits, [name]: value ?? 0 } }),
    disabled,
  });
  return (
    <div>
      <Title order={3} size="sm" mb="xs">
        {t('hardware:disk.limits')}
      </Title>
      <div className={classes['two']}>
        <RateField {...field('readBytesPerSecond')} />
        <RateField {...field('writeBytesPerSecond')} />
        <OperationsField {...field('readOperationsPerSecond')} />
        <OperationsField {...field('writeOperationsPerSecond')} />
      </div>
      <Text size="xs" c="var(--limen-quiet)" mt="xs">
        {t('hardware:disk.limitsAbout')}
      </Text>
    </div>
  );
}
