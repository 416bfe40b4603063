import { memo } from 'react';
import { Percent, Rate } from '../../components/Figures.tsx';
import { Meter } from '../../components/Meter.tsx';
import { Sparkline } from '../../components/Sparkline.tsx';
import { formatBytes, formatBytesOf, formatDuration } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../locales/i18n.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import { metricsOf, useMetricsTick } from '../../stores/metrics.ts';
import type { MetricName } from '../../stores/metrics-buffer.ts';
import classes from './MachineTable.module.css';

interface LiveCellProps {
  readonly target: MachineRef;
  /** Figures of a machine that is off, or of a host that is away, are not shown at all. */
  readonly live: boolean;
}

/** How many of the samples a row's sparkline shows: its last half minute. */
const SPARK_SAMPLES = 30;

function useFigure({ target, live }: LiveCellProps, name: MetricName): number | null {
  useMetricsTick(target.linkId);
  return live ? (metricsOf(target.linkId)?.latest(target.machineId, name) ?? null) : null;
}

export const CpuCell = memo(function CpuCell(props: LiveCellProps) {
  const value = useFigure(props, 'cpuPercent');
  const { linkId, machineId } = props.target;
  const series = props.live ? (metricsOf(linkId)?.series(machineId, 'cpuPercent') ?? []) : [];
  return (
    <span className={classes['figure']}>
      <Sparkline values={series.slice(-SPARK_SAMPLES)} maximum={100} width={44} />
      <span className={classes['number']}>
        <Percent value={value} />
      </span>
    </span>
  );
});

export const MemoryCell = memo(function MemoryCell(props: LiveCellProps & { readonly totalBytes: number }) {
  const { language } = useText();
  const used = useFigure(props, 'memoryUsedBytes');
  if (used === null) {
    return <span className={classes['quiet']}>{formatBytes(props.totalBytes, language)}</span>;
  }
  const text = formatBytesOf(used, props.totalBytes, language);
  return (
    <span className={classes['stacked']}>
      <span className={classes['small']}>{text}</span>
      <Meter label={text} percent={(used / props.totalBytes) * 100} size={3} warns={false} />
    </span>
  );
});

export const RateCell = memo(function RateCell(
  props: LiveCellProps & { readonly names: readonly [MetricName, MetricName] },
) {
  const first = useFigure(props, props.names[0]);
  const second = useFigure(props, props.names[1]);
  const value = first === null && second === null ? null : (first ?? 0) + (second ?? 0);
  return <Rate value={value} />;
});

export const UptimeCell = memo(function UptimeCell({ startedAt }: { readonly startedAt: string }) {
  const { t } = useText();
  const now = useNow(5_000);
  const units = {
    d: t('common:unit.d'),
    h: t('common:unit.h'),
    m: t('common:unit.m'),
    s: t('common:unit.s'),
  };
  return formatDuration((now - Date.parse(startedAt)) / 1000, units);
});
