import { Progress } from '@mantine/core';

export interface JobProgressProps {
  readonly label: string;
  /** 0–1; null while it cannot be known, which moves instead of standing at nought. */
  readonly fraction: number | null;
  /** Its host is away: this is how far it was. Stands still and has no colour. */
  readonly stale?: boolean;
  readonly size?: number;
}

/** How far long work is. */
export function JobProgress({ label, fraction, stale = false, size = 6 }: JobProgressProps) {
  return (
    <Progress.Root size={size} radius="xl">
      <Progress.Section
        value={(fraction ?? 1) * 100}
        striped={fraction === null}
        animated={fraction === null && !stale}
        {...(stale && { color: 'gray' })}
        aria-label={label}
        {...(fraction === null && { 'aria-valuetext': label })}
      />
    </Progress.Root>
  );
}
