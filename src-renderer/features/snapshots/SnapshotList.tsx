import type { Snapshot } from '@limen/contract';
import { Button, ScrollArea, Tabs } from '@mantine/core';
import { IconCamera, IconMapPin } from '@tabler/icons-react';
import { stateLooks } from '../../components/state-icons.ts';
import { formatClock } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../locales/i18n.ts';
import { Picture } from './Picture.tsx';
import { tabValue, type TreeRow } from './model/tree.ts';
import { whyNone } from './model/ways.ts';
import classes from './snapshots.module.css';
import type { SnapshotsModel } from './use-snapshots-model.ts';

export interface SnapshotListProps {
  readonly model: SnapshotsModel;
  readonly rows: readonly TreeRow[];
  readonly onTake: () => void;
}

/** The tree from the first snapshot down to the present, with branches further in. */
export function SnapshotList({ model, rows, onTake }: SnapshotListProps) {
  const { t } = useText();
  return (
    <div className={classes['side']}>
      <ScrollArea className={classes['tree'] ?? ''} type="auto">
        <Tabs.List aria-label={t('snapshots:tree')} className={classes['list'] ?? ''}>
          {rows.map((row) => (
            <Tabs.Tab
              key={row.id}
              value={tabValue(row.id)}
              className={classes['row'] ?? ''}
              style={{ '--lane': row.lane }}
              data-snapshot={row.id}
              {...(row.lane > 0 && { 'data-branch': true })}
            >
              <span className={classes['label']}>
                {row.snapshot ? (
                  <SnapshotLabel model={model} snapshot={row.snapshot} />
                ) : (
                  <NowLabel model={model} />
                )}
              </span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </ScrollArea>
      <div className={classes['take']}>
        <Button
          fullWidth
          variant="default"
          leftSection={<IconCamera size={16} aria-hidden />}
          disabled={model.hindrance !== null || whyNone(model.tree.options).length > 0}
          onClick={onTake}
        >
          {t('snapshots:take.menu')}
        </Button>
      </div>
    </div>
  );
}

function SnapshotLabel({ model, snapshot }: { readonly model: SnapshotsModel; readonly snapshot: Snapshot }) {
  const { t, language } = useText();
  const now = useNow(60_000);
  return (
    <>
      <Picture target={model.target} snapshot={snapshot} />
      <span className={classes['words']}>
        <span className={classes['name']}>{snapshot.name}</span>
        <span className={classes['summary']}>
          {formatClock(snapshot.createdAt, language, now)} · {t(`snapshots:state.${snapshot.state}`)}
        </span>
      </span>
    </>
  );
}

function NowLabel({ model: { machine } }: { readonly model: SnapshotsModel }) {
  const { t } = useText();
  return (
    <>
      <span className={`${classes['thumbnail']} ${classes['now']}`} aria-hidden>
        <IconMapPin size={18} />
      </span>
      <span className={classes['words']}>
        <span className={classes['name']}>{t('snapshots:now.title')}</span>
        <span className={classes['summary']}>{t(stateLooks[machine.state].label)}</span>
      </span>
    </>
  );
}
