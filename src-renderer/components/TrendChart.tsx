import { AreaChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import { formatDateTime, roundUp } from '../lib/format.ts';
import { useText } from '../locales/i18n.ts';

export interface TrendSeries {
  readonly label: string;
  readonly color: string;
  readonly values: readonly (number | null)[];
}

export interface TrendChartProps {
  readonly title: string;
  /** Unix times in ms, one for each value. */
  readonly times: readonly number[];
  readonly series: readonly TrendSeries[];
  readonly format: (value: number) => string;
  /** The value at the top; without it a round one above the highest seen. */
  readonly maximum?: number;
  /** From its left edge to the newest value at the right, in ms. Default: two minutes. */
  readonly windowMs?: number;
}

const TWO_MINUTES = 120_000;
/** An idle disk draws a line at the bottom, not mountains of single bytes. */
const LEAST_TOP = 10_000;

/** Newest at the right. The newest figures stand in words beside the title. */
export function TrendChart({
  title,
  times,
  series,
  format,
  maximum,
  windowMs = TWO_MINUTES,
}: TrendChartProps) {
  const { t, language } = useText();
  const end = times.at(-1) ?? 0;
  const data = times.map((time, index) => ({
    time,
    ...Object.fromEntries(series.map((one) => [one.label, one.values[index] ?? null])),
  }));
  const newest = series.map((one) => {
    const value = one.values.at(-1) ?? null;
    const figure = value === null ? t('common:gap') : format(value);
    return series.length === 1 ? figure : `${one.label} ${figure}`;
  });
  // Without a point under the pointer the label is not a time.
  const label = (time: unknown) =>
    typeof time === 'number' ? formatDateTime(new Date(time).toISOString(), language) : null;
  const highest = Math.max(LEAST_TOP, ...series.flatMap((one) => one.values.map((value) => value ?? 0)));
  const top = maximum ?? roundUp(highest);
  return (
    <figure style={{ margin: 0 }} aria-label={`${title}: ${newest.join(', ')}`}>
      <Text size="lg" fw={600} mb={4} aria-hidden>
        {newest.join(' · ')}
      </Text>
      <div aria-hidden>
        <AreaChart
          h={132}
          data={data}
          dataKey="time"
          series={series.map((one) => ({ name: one.label, color: one.color }))}
          withDots={false}
          accessibilityLayer={false}
          withGradient={false}
          fillOpacity={0.15}
          strokeWidth={1.5}
          curveType="linear"
          connectNulls={false}
          gridAxis="x"
          tickLine="none"
          xAxisProps={{
            type: 'number',
            domain: [end - windowMs, end],
            hide: true,
          }}
          yAxisProps={{ domain: [0, top], ticks: [0, top / 2, top], width: 76, tickFormatter: format }}
          valueFormatter={format}
          tooltipAnimationDuration={0}
          tooltipProps={{ labelFormatter: label }}
          areaProps={{ isAnimationActive: false }}
        />
      </div>
    </figure>
  );
}
