import { Paper } from '@mantine/core';
import { fingerprintLines } from '../lib/format.ts';
import classes from './Fingerprint.module.css';

export interface FingerprintProps {
  readonly label: string;
  readonly value: string;
  /** Marks the pairs that differ from this one. */
  readonly against?: string | undefined;
}

/** Big, in lines of eight pairs: made to be compared by eye or read out. */
export function Fingerprint({ label, value, against }: FingerprintProps) {
  const others = against?.split(':');
  return (
    <Paper withBorder p="sm" component="figure" m={0} bg="var(--limen-canvas)">
      <figcaption className={classes['label']}>{label}</figcaption>
      <div className={classes['lines']} aria-label={value} role="img">
        {fingerprintLines(value).map((line, row) => (
          <div key={line} className={classes['line']} aria-hidden>
            {line.split(' ').map((pair, column) => {
              const index = row * 8 + column;
              const differs = others !== undefined && others[index] !== pair;
              return (
                <span key={index} className={differs ? classes['differs'] : undefined}>
                  {pair}
                </span>
              );
            })}
          </div>
        ))}
      </div>
    </Paper>
  );
}
