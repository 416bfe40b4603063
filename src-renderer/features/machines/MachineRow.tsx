import type { Machine } from '@limen/contract';
import { ActionIcon, Checkbox } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { memo, type MouseEvent, type ReactNode, useMemo } from 'react';
import { AsOf } from '../../components/AsOf.tsx';
import { StateBadge } from '../../components/StateBadge.tsx';
import { osName } from '../../lib/format.ts';
import { type Translate, useText } from '../../locales/i18n.ts';
import { type Freshness, useFreshness } from '../../stores/freshness.ts';
import { useMachine } from '../../stores/inventory.ts';
import { useLink } from '../../stores/links.ts';
import { type MachineKey, type MachineRef, parseMachineKey } from '../../stores/machine-key.ts';
import type { SortColumn } from '../../stores/machine-order.ts';
import { usePendingAction } from '../../stores/power.ts';
import { CpuCell, MemoryCell, RateCell, UptimeCell } from './cells.tsx';
import { rightAligned } from './columns.ts';
import classes from './MachineTable.module.css';

/** What rows tell the table; one object that never changes, so that rows stay memoised. */
export interface RowEvents {
  readonly click: (key: MachineKey, event: MouseEvent) => void;
  readonly open: (key: MachineKey) => void;
  readonly toggle: (key: MachineKey) => void;
  readonly menu: (key: MachineKey, at: { readonly x: number; readonly y: number }) => void;
}

export interface MachineRowProps {
  readonly rowKey: MachineKey;
  /** Position in the whole list, from 0. */
  readonly index: number;
  readonly top: number;
  readonly columns: readonly SortColumn[];
  readonly selected: boolean;
  readonly active: boolean;
  readonly events: RowEvents;
}

export function rowId(key: MachineKey): string {
  return `machine-${key}`;
}

/** One machine. Subscribes to its own record only: an event about one machine renders one row. */
export const MachineRow = memo(function MachineRow(props: MachineRowProps) {
  const { rowKey, index, top, columns, selected, active, events } = props;
  const { t } = useText();
  const target = useMemo(() => parseMachineKey(rowKey), [rowKey]);
  const machine = useMachine(target);
  const pending = usePendingAction(rowKey);
  const freshness = useFreshness(target.linkId);
  const hostName = useLink(target.linkId)?.name ?? '';
  if (!machine) return null;
  const stale = freshness.kind === 'stale';
  const badge = <StateBadge state={machine.state} pending={pending} stale={stale} />;
  const context: CellContext = { machine, target, hostName, freshness, badge, t };

  return (
    <div
      role="row"
      id={rowId(rowKey)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes['row']}
      data-active={active || undefined}
      data-stale={stale || undefined}
      data-machine={machine.name}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => events.click(rowKey, event)}
      onDoubleClick={() => events.open(rowKey)}
      onContextMenu={(event) => {
        event.preventDefault();
        events.menu(rowKey, { x: event.clientX, y: event.clientY });
      }}
    >
      <div role="gridcell" className={classes['check']}>
        <Checkbox
          size="xs"
          tabIndex={-1}
          checked={selected}
          aria-label={t('machines:select', { name: machine.name })}
          onChange={() => events.toggle(rowKey)}
          onClick={(event) => event.stopPropagation()}
        />
      </div>
      {columns.map((column) => (
        <div
          key={column}
          role="gridcell"
          className={classes['cell']}
          data-right={rightAligned.has(column) || undefined}
        >
          {cell(column, context)}
        </div>
      ))}
      <div role="gridcell" className={classes['actions']}>
        <ActionIcon
          size="sm"
          tabIndex={-1}
          aria-label={t('machines:rowActions', { name: machine.name })}
          onClick={(event) => {
            event.stopPropagation();
            const box = event.currentTarget.getBoundingClientRect();
            events.menu(rowKey, { x: box.left, y: box.bottom });
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          <IconDots size={16} />
        </ActionIcon>
      </div>
    </div>
  );
});

interface CellContext {
  readonly machine: Machine;
  readonly target: MachineRef;
  readonly hostName: string;
  readonly freshness: Freshness;
  readonly badge: ReactNode;
  readonly t: Translate;
}

function cell(
  column: SortColumn,
  { machine, target, hostName, freshness, badge, t }: CellContext,
): ReactNode {
  const stale = freshness.kind === 'stale';
  const live = !stale && machine.state !== 'off' && machine.state !== 'saved';
  switch (column) {
    case 'state':
      return badge;
    case 'name':
      return (
        <span className={classes['name']} title={machine.title ?? machine.name}>
          {machine.name}
          {!stale && machine.installing && <Label text={t('machines:installing')} />}
          {!stale && !machine.managed && <Label text={t('machines:unmanaged')} />}
          {freshness.kind === 'stale' && (
            <span className={classes['asOf']}>
              <AsOf at={freshness.asOf} />
            </span>
          )}
        </span>
      );
    case 'host':
      return hostName;
    case 'owner':
      return machine.owner?.username ?? <Gap />;
    case 'os':
      return osName(machine.osId) ?? <Gap />;
    case 'vcpus':
      return machine.vcpus.current;
    case 'cpu':
      return <CpuCell target={target} live={live} />;
    case 'memory':
      return <MemoryCell target={target} live={live} totalBytes={machine.memory.currentBytes} />;
    case 'disk':
      return <RateCell target={target} live={live} names={diskRates} />;
    case 'network':
      return <RateCell target={target} live={live} names={networkRates} />;
    case 'uptime':
      return machine.startedAt === null || stale ? <Gap /> : <UptimeCell startedAt={machine.startedAt} />;
    case 'tags':
      return machine.tags.length === 0 ? <Gap /> : machine.tags.join(', ');
  }
}

const diskRates = ['diskReadBytesPerSecond', 'diskWriteBytesPerSecond'] as const;
const networkRates = ['networkReceiveBytesPerSecond', 'networkTransmitBytesPerSecond'] as const;

/** A second line under the name. */
function Label({ text }: { readonly text: string }) {
  return <span className={classes['asOf']}>{text}</span>;
}

function Gap() {
  const { t } = useText();
  return <span className={classes['quiet']}>{t('common:gap')}</span>;
}
