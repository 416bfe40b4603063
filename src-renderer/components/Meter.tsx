import { Progress } from '@mantine/core';

export interface MeterProps {
  readonly label: string;
  /** 0–100; null leaves the bar empty. */
  readonly percent: number | null;
  readonly size?: number;
}

/** A bar that turns to a warning colour where it matters. The figure itself stands beside it, never only here. */
export function Meter({ label, percent, size = 4 }: MeterProps) {
  const value = percent ?? 0;
  const color = value >= 90 ? 'red' : 'accent';
  return (
    <Progress.Root size={size} radius="xl">
      <Progress.Section value={value} color={color} aria-label={label} aria-valuetext={label} />
    </Progress.Root>
  );
}
