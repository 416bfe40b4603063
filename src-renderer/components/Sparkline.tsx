import { memo } from 'react';
import { sparklinePath } from './sparkline-path.ts';

export interface SparklineProps {
  readonly values: readonly (number | null)[];
  /** The value at the top edge; a fixed one keeps rows comparable. */
  readonly maximum: number;
  readonly width?: number;
  readonly height?: number;
}

/** One path: a table redraws dozens of these every second, which a chart component would not survive. */
export const Sparkline = memo(function Sparkline({
  values,
  maximum,
  width = 56,
  height = 18,
}: SparklineProps) {
  return (
    <svg width={width} height={height} viewBox={`0 -1 ${width} ${height + 2}`} aria-hidden focusable="false">
      <path
        d={sparklinePath(values, { width, height }, maximum)}
        fill="none"
        stroke="var(--mantine-primary-color-filled)"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
});
