import { Anchor, NumberInput, Slider, Stack, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { Panel } from '../../components/Panel.tsx';
import { SizeInput } from '../../components/SizeInput.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import classes from './create.module.css';
import { minimumDisk, sizeDefaults } from './preset-defaults.ts';
import { nearestStep, stepsUpTo } from './size-steps.ts';
import type { CreateModel } from './use-create.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

interface SectionProps {
  readonly model: CreateModel;
}

/** Processors, memory and the first disk. */
export function SizeSection({ model }: SectionProps) {
  const { t, language } = useText();
  const id = useId();
  const { form, values, preset, target, errorOf } = model;
  const capacity = target?.options?.capacity;
  const cpuSteps = stepsUpTo(1, Math.max(preset?.recommended.vcpus ?? 2, capacity?.logicalCpus ?? 8));
  const memorySteps = stepsUpTo(
    256 * MIB,
    Math.max(preset?.recommended.memoryBytes ?? 0, capacity?.memoryBytes ?? 16 * GIB),
  );
  return (
    <Panel title={t('create:size.title')} aside={<Recommendation model={model} />}>
      <Stack gap="sm">
        <SizeRow
          id={`${id}-vcpus`}
          label={t('create:size.vcpus')}
          steps={cpuSteps}
          value={Number(values.vcpus)}
          format={String}
          onChange={(vcpus) => form.setFieldValue('vcpus', vcpus)}
        >
          <NumberInput
            id={`${id}-vcpus`}
            min={1}
            max={target?.options?.maximumVcpus ?? 1024}
            allowDecimal={false}
            {...form.getInputProps('vcpus')}
            error={errorOf('vcpus')}
          />
        </SizeRow>
        <SizeRow
          id={`${id}-memory`}
          label={t('create:size.memory')}
          steps={memorySteps}
          value={Number(values.memoryBytes)}
          format={(bytes) => formatBytes(bytes, language)}
          onChange={(bytes) => form.setFieldValue('memoryBytes', bytes)}
        >
          <SizeInput
            id={`${id}-memory`}
            label={t('create:size.memory')}
            value={values.memoryBytes}
            onChange={form.getInputProps('memoryBytes').onChange}
            error={errorOf('memoryBytes')}
          />
        </SizeRow>
        <DiskRow model={model} />
      </Stack>
    </Panel>
  );
}

/** Whether this is what the system wants; and the way back to it. */
function Recommendation({ model: { form, values, preset, image } }: SectionProps) {
  const { t, language } = useText();
  if (!preset) return null;
  const wanted = sizeDefaults(preset, image, values.tab);
  const same =
    Number(values.vcpus) === wanted.vcpus &&
    Number(values.memoryBytes) === wanted.memoryBytes &&
    Number(values.diskBytes) === wanted.diskBytes;
  if (same) return t('create:size.asRecommended', { system: preset.name });
  return (
    <Anchor component="button" type="button" size="xs" onClick={() => form.setValues(wanted)}>
      {t('create:size.useRecommended', {
        vcpus: wanted.vcpus,
        memory: formatBytes(Number(wanted.memoryBytes), language),
        disk: formatBytes(Number(wanted.diskBytes), language),
      })}
    </Anchor>
  );
}

function DiskRow({ model }: SectionProps) {
  const { t, language } = useText();
  const id = useId();
  const { form, values, preset, image, target, errorOf } = model;
  if (values.tab === 'disk' && values.diskMode === 'attach') {
    return (
      <div className={classes['size']}>
        <Text size="sm" fw={500} className={classes['sizeLabel'] ?? ''}>
          {t('create:disk.title')}
        </Text>
        <Text size="sm" c="var(--limen-quiet)" className={classes['sizeLabel'] ?? ''}>
          {t('create:disk.attached')}
        </Text>
      </div>
    );
  }
  const available = target?.options?.capacity.diskAvailableBytes ?? 0;
  const least = minimumDisk(preset, image, values.tab);
  const most = Math.max(64 * GIB, least, Math.min(available, 2048 * GIB));
  return (
    <div>
      <SizeRow
        id={id}
        label={t('create:disk.title')}
        steps={stepsUpTo(GIB, most)}
        value={Number(values.diskBytes)}
        format={(bytes) => formatBytes(bytes, language)}
        onChange={(bytes) => form.setFieldValue('diskBytes', bytes)}
      >
        <SizeInput
          id={id}
          label={t('create:disk.title')}
          value={values.diskBytes}
          onChange={form.getInputProps('diskBytes').onChange}
          error={errorOf('diskBytes')}
        />
      </SizeRow>
      <div className={classes['size']}>
        <Text size="xs" c="var(--limen-quiet)" className={classes['sizeNote'] ?? ''}>
          {t('create:disk.thin')}
        </Text>
      </div>
    </div>
  );
}

interface SizeRowProps {
  /** Of the field the label is for. */
  readonly id: string;
  readonly label: string;
  /** What the slider stops at, ascending. */
  readonly steps: readonly number[];
  readonly value: number;
  readonly format: (value: number) => string;
  readonly onChange: (value: number) => void;
  /** The exact field beside the slider, under the id. */
  readonly children: ReactNode;
}

/** A slider in doubling steps for the usual sizes, and a field for any other. */
function SizeRow({ id, label, steps, value, format, onChange, children }: SizeRowProps) {
  return (
    <div className={classes['size']}>
      <Text component="label" htmlFor={id} size="sm" fw={500} className={classes['sizeLabel'] ?? ''}>
        {label}
      </Text>
      <div className={classes['slider']}>
        <Slider
          min={0}
          max={steps.length - 1}
          step={1}
          value={nearestStep(steps, value)}
          onChange={(index) => onChange(steps[index] ?? value)}
          label={(index) => format(steps[index] ?? value)}
          thumbLabel={label}
          attributes={{ thumb: { 'aria-valuetext': format(value) } }}
        />
      </div>
      {children}
    </div>
  );
}
