import { Progress } from '@mantine/core';

export interface MeterProps {
  readonly label: string;
  /** 0–100; null leaves the bar empty. */
  readonly percent: number | null;
  readonly size?: number;
  /** A guest that fills its memory is doing its work; only a host that does is in trouble. Default true. */
  readonly warns?: boolean;
}

/** A bar that turns to a warning colour where it matters. The figure itself stands beside it, never only here. */
export function Meter({ label, percent, size = 4, warns = true }: MeterProps) {
  const value = percent ?? 0;
  const color = warns && value >= 90 ? 'red' : 'accent';
  return (
    <Progress.Root size={size} radius="xl">
      <Progress.Section value={value} color={color} aria-label={label} aria-valuetext={label} />
    </Progress.Root>
  );
}
