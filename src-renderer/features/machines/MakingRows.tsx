import { ActionIcon, Loader, Tooltip } from '@mantine/core';
import { IconPlugConnectedX, IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useJobActions } from '../../actions/use-job-actions.ts';
import { AsOf } from '../../components/AsOf.tsx';
import badge from '../../components/badge.module.css';
import { JobProgress } from '../../components/JobProgress.tsx';
import { formatPercent } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { useLinkFreshness } from '../../stores/freshness.ts';
import { useInventory } from '../../stores/inventory.ts';
import { type JobEntry, useUnfinishedJobs } from '../../stores/jobs.ts';
import { useLink } from '../../stores/links.ts';
import type { SortColumn } from '../../stores/machine-order.ts';
import classes from './MachineTable.module.css';

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Beyond these the rest is a number: they would hide the machines there are. */
const SHOWN = 5;

/**
 * Jobs that make a machine libvirt does not know yet, and whose names hold a text: rows from the first moment on.
 */
export function useMaking(filter: string): readonly JobEntry[] {
  const jobs = useUnfinishedJobs();
  const hosts = useInventory((state) => state.hosts);
  return useMemo(() => {
    const text = filter.trim().toLowerCase();
    return jobs
      .filter(({ linkId, job }) => {
        const { machineId, name } = job.subject;
        if (job.kind !== 'machine.create' && job.kind !== 'machine.clone') return false;
        if (machineId === null || hosts.get(linkId)?.machines.has(machineId)) return false;
        return name.toLowerCase().includes(text);
      })
      .sort((a, b) => byName.compare(a.job.subject.name, b.job.subject.name));
  }, [jobs, hosts, filter]);
}

/** How many rows {@link MakingRows} draws. */
export function makingRowCount(making: readonly JobEntry[]): number {
  return Math.min(making.length, SHOWN + 1);
}

export interface MakingRowsProps {
  readonly making: readonly JobEntry[];
  readonly columns: readonly SortColumn[];
}

/** Machines that are being made, above those there are and in the same columns. */
export function MakingRows({ making, columns }: MakingRowsProps) {
  const { t } = useText();
  if (making.length === 0) return null;
  return (
    <div role="rowgroup" aria-label={t('machines:made.label')}>
      {making.slice(0, SHOWN).map((entry) => (
        <MakingRow key={entry.job.id} entry={entry} columns={columns} />
      ))}
      {making.length > SHOWN && (
        <div role="row" className={`${classes['row']} ${classes['making']}`}>
          <div role="gridcell" className={`${classes['cell']} ${classes['quiet']} ${classes['more']}`}>
            {t('machines:made.more', { count: making.length - SHOWN })}
          </div>
        </div>
      )}
    </div>
  );
}

interface MakingRowProps {
  readonly entry: JobEntry;
  readonly columns: readonly SortColumn[];
}

/** Columns that say something of a machine that is not there yet; the others make room for its progress. */
const told: ReadonlySet<SortColumn> = new Set(['state', 'name', 'host']);

function MakingRow({ entry: { linkId, job }, columns }: MakingRowProps) {
  const { t, language } = useText();
  const host = useLink(linkId)?.name ?? '';
  const freshness = useLinkFreshness(linkId);
  const stale = freshness.kind === 'stale';
  const color = stale ? 'var(--limen-quiet)' : 'var(--limen-busy)';
  const { name } = job.subject;
  const label = t('machines:made.progress', { name });
  const rest = columns.filter((column) => !told.has(column)).length;
  return (
    <div
      role="row"
      className={`${classes['row']} ${classes['making']}`}
      data-being-made={name}
      data-stale={stale || undefined}
    >
      <div role="gridcell" />
      {columns.includes('state') && (
        <div role="gridcell" className={classes['cell']}>
          <span className={badge['badge']} style={{ color }}>
            {stale ? (
              <IconPlugConnectedX size={14} aria-hidden />
            ) : (
              <Loader size={12} color={color} aria-hidden />
            )}
            {t(job.state === 'undoing' ? 'machines:made.undoing' : 'machines:made.creating')}
          </span>
        </div>
      )}
      <div role="gridcell" className={`${classes['cell']} ${classes['name']}`} title={name}>
        {name}
        {freshness.kind === 'stale' && (
          <span className={classes['asOf']}>
            <AsOf at={freshness.asOf} />
          </span>
        )}
      </div>
      {columns.includes('host') && (
        <div role="gridcell" className={classes['cell']}>
          {host}
        </div>
      )}
      {rest > 0 && (
        <div
          role="gridcell"
          aria-colspan={rest}
          className={`${classes['cell']} ${classes['progress']}`}
          style={{ gridColumn: `span ${rest}` }}
        >
          <JobProgress label={label} fraction={job.fraction} stale={stale} />
          <span className={`${classes['number']} ${classes['quiet']}`}>
            {job.fraction !== null && formatPercent(Math.round(job.fraction * 100), language)}
          </span>
        </div>
      )}
      <div role="gridcell" className={classes['actions']}>
        <CancelButton linkId={linkId} job={job} />
      </div>
    </div>
  );
}

function CancelButton({ linkId, job }: JobEntry) {
  const { t } = useText();
  const live = useLink(linkId)?.state === 'live';
  const { cancel } = useJobActions();
  const { name } = job.subject;
  return (
    <Tooltip label={t('machines:made.cancel')}>
      <ActionIcon
        size="sm"
        aria-label={t('machines:made.cancelOf', { name })}
        disabled={!live || job.cancelRequested || job.state === 'undoing'}
        onClick={() => cancel(linkId, job)}
      >
        <IconX size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
