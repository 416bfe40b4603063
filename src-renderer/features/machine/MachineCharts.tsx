import type { Machine } from '@limen/contract';
import { SimpleGrid, Text } from '@mantine/core';
import { AsOf } from '../../components/AsOf.tsx';
import { Panel } from '../../components/Panel.tsx';
import { formatBytes, formatPercent, formatRate } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { useFreshness } from '../../stores/freshness.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import { metricsOf, useMetricsTick } from '../../stores/metrics.ts';
import { hasScreen } from '../../stores/power.ts';
import { TrendChart } from '../../components/TrendChart.tsx';

export interface MachineChartsProps {
  readonly target: MachineRef;
  readonly machine: Machine;
}

/** CPU, memory, disk and network of the last two minutes. */
export function MachineCharts({ target, machine }: MachineChartsProps) {
  const { t, language } = useText();
  useMetricsTick(target.linkId);
  const freshness = useFreshness(target.linkId);
  const live = freshness.kind === 'live';
  const metrics = metricsOf(target.linkId);
  const times = metrics?.times() ?? [];
  const cpu = metrics?.series(target.machineId, 'cpuPercent') ?? [];
  // What was never measured cannot come from a host that is away.
  if (!live && cpu.length === 0) return null;
  if (!hasScreen(machine.state)) return <Quiet text={t('machine:chart.off')} />;
  if (!metrics || cpu.length === 0) return <Quiet text={t('machine:chart.waiting')} />;

  const values = (name: Parameters<typeof metrics.series>[1]) => metrics.series(target.machineId, name);
  const rate = (value: number) => formatRate(value, language);
  const size = (value: number) => formatBytes(value, language);
  const aside = live ? t('machine:chart.window') : <AsOf at={freshness.asOf} />;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <Panel title={t('machine:chart.cpu')} aside={aside}>
        <TrendChart
          title={t('machine:chart.cpu')}
          times={times}
          maximum={100}
          format={(value) => formatPercent(value, language)}
          series={[{ label: t('machine:chart.cpu'), color: 'accent.5', values: cpu }]}
        />
      </Panel>
      <Panel title={t('machine:chart.memory')} aside={aside}>
        <TrendChart
          title={t('machine:chart.memory')}
          times={times}
          maximum={machine.memory.currentBytes}
          format={size}
          series={[{ label: t('machine:chart.used'), color: 'accent.5', values: values('memoryUsedBytes') }]}
        />
      </Panel>
      <Panel title={t('machine:chart.disk')} aside={aside}>
        <TrendChart
          title={t('machine:chart.disk')}
          times={times}
          format={rate}
          series={[
            { label: t('machine:chart.read'), color: 'accent.5', values: values('diskReadBytesPerSecond') },
            { label: t('machine:chart.write'), color: 'orange.6', values: values('diskWriteBytesPerSecond') },
          ]}
        />
      </Panel>
      <Panel title={t('machine:chart.network')} aside={aside}>
        <TrendChart
          title={t('machine:chart.network')}
          times={times}
          format={rate}
          series={[
            {
              label: t('machine:chart.receive'),
              color: 'accent.5',
              values: values('networkReceiveBytesPerSecond'),
            },
            {
              label: t('machine:chart.transmit'),
              color: 'orange.6',
              values: values('networkTransmitBytesPerSecond'),
            },
          ]}
        />
      </Panel>
    </SimpleGrid>
  );
}

function Quiet({ text }: { readonly text: string }) {
  return (
    <Text size="sm" c="var(--limen-quiet)" role="status">
      {text}
    </Text>
  );
}
