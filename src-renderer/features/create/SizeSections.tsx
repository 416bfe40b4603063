import { NumberInput, Slider, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Panel } from '../../components/Panel.tsx';
import { SizeInput } from '../../components/SizeInput.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import classes from './create.module.css';
import { minimumDisk } from './preset-defaults.ts';
import { nearestStep, stepsUpTo } from './size-steps.ts';
import type { CreateModel } from './use-create.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Processors and memory. */
export function SizeSection({ model }: { readonly model: CreateModel }) {
  const { t, language } = useText();
  const { form, values, preset, target, errorOf } = model;
  const capacity = target?.options?.capacity;
  const most = target?.options?.maximumVcpus ?? 1024;
  const cpuSteps = stepsUpTo(1, Math.max(preset?.recommended.vcpus ?? 2, capacity?.logicalCpus ?? 8));
  const memorySteps = stepsUpTo(
    256 * MIB,
    Math.max(preset?.recommended.memoryBytes ?? 0, capacity?.memoryBytes ?? 16 * GIB),
  );
  return (
    <Panel title={t('create:size.title')}>
      <SizeRow
        label={t('create:size.vcpus')}
        steps={cpuSteps}
        value={Number(values.vcpus)}
        minimum={preset?.minimum.vcpus}
        recommended={preset?.recommended.vcpus}
        format={String}
        onChange={(vcpus) => form.setFieldValue('vcpus', vcpus)}
      >
        <NumberInput
          label={t('create:size.vcpus')}
          min={1}
          max={most}
          allowDecimal={false}
          {...form.getInputProps('vcpus')}
          error={errorOf('vcpus')}
        />
      </SizeRow>
      <SizeRow
        label={t('create:size.memory')}
        steps={memorySteps}
        value={Number(values.memoryBytes)}
        minimum={preset?.minimum.memoryBytes}
        recommended={preset?.recommended.memoryBytes}
        format={(bytes) => formatBytes(bytes, language)}
        onChange={(bytes) => form.setFieldValue('memoryBytes', bytes)}
      >
        <SizeInput
          label={t('create:size.memory')}
          value={values.memoryBytes}
          onChange={form.getInputProps('memoryBytes').onChange}
          error={errorOf('memoryBytes')}
        />
      </SizeRow>
    </Panel>
  );
}

/** The first disk. */
export function DiskSection({ model }: { readonly model: CreateModel }) {
  const { t, language } = useText();
  const { form, values, preset, image, target, errorOf } = model;
  if (values.tab === 'disk' && values.diskMode === 'attach') {
    return (
      <Panel title={t('create:disk.title')}>
        <Text size="sm" c="var(--limen-quiet)">
          {t('create:disk.attached')}
        </Text>
      </Panel>
    );
  }
  const available = target?.options?.capacity.diskAvailableBytes ?? 0;
  const minimum = minimumDisk(preset, image, values.tab);
  return (
    <Panel title={t('create:disk.title')}>
      <SizeRow
        label={t('create:disk.size')}
        steps={stepsUpTo(GIB, Math.max(64 * GIB, Math.min(available, 2048 * GIB)))}
        value={Number(values.diskBytes)}
        minimum={minimum >= GIB / 2 ? minimum : undefined}
        recommended={preset?.recommended.diskBytes}
        format={(bytes) => formatBytes(bytes, language)}
        onChange={(bytes) => form.setFieldValue('diskBytes', bytes)}
      >
        <SizeInput
          label={t('create:disk.size')}
          value={values.diskBytes}
          onChange={form.getInputProps('diskBytes').onChange}
          error={errorOf('diskBytes')}
        />
      </SizeRow>
      <Text size="xs" c="var(--limen-quiet)">
        {t('create:disk.thin')}
      </Text>
    </Panel>
  );
}

interface SizeRowProps {
  readonly label: string;
  /** What the slider stops at, ascending. */
  readonly steps: readonly number[];
  readonly value: number;
  readonly minimum: number | undefined;
  readonly recommended: number | undefined;
  readonly format: (value: number) => string;
  readonly onChange: (value: number) => void;
  /** The exact field beside the slider. */
  readonly children: ReactNode;
}

/** A slider in doubling steps for the usual sizes, and a field for any other. */
function SizeRow(props: SizeRowProps) {
  const { label, steps, value, minimum, recommended, format, onChange, children } = props;
  const { t } = useText();
  const marks = [
    { at: minimum, text: t('create:size.minimum') },
    { at: recommended, text: t('create:size.recommended') },
  ].flatMap(({ at, text }) => {
    const position = at === undefined || at <= 0 ? -1 : nearestStep(steps, at);
    return position < 0 ? [] : [{ value: position, label: text }];
  });
  const [first, second] = marks;
  // Two words on one spot, or beside each other, would be unreadable: the recommendation is what matters.
  const apart = first && second && second.value - first.value >= steps.length / 4;
  return (
    <div className={classes['size']}>
      <div className={classes['slider']}>
        <Slider
          min={0}
          max={steps.length - 1}
          step={1}
          value={nearestStep(steps, value)}
          onChange={(index) => onChange(steps[index] ?? value)}
          label={(index) => format(steps[index] ?? value)}
          marks={apart ? marks : marks.slice(-1)}
          thumbLabel={label}
          classNames={{ markLabel: classes['mark'] ?? '' }}
          attributes={{ thumb: { 'aria-valuetext': format(value) } }}
        />
      </div>
      {children}
    </div>
  );
}
