import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useText } from '../../locales/i18n.ts';
import type { JobEntry } from '../../stores/jobs.ts';
import type { MachineKey } from '../../stores/machine-key.ts';
import { setActive, setSelection, toggleSelected, useMachineView } from '../../stores/machine-view.ts';
import { gridTrack, isSortColumn } from './columns.ts';
import { MachineRow, type RowEvents, rowId } from './MachineRow.tsx';
import classes from './MachineTable.module.css';
import { makingRowCount, MakingRows } from './MakingRows.tsx';
import { TableHead } from './TableHead.tsx';
import type { Columns } from './use-columns.ts';

const ROW_HEIGHT = 40;
const CHECK_WIDTH = 36;
const ACTIONS_WIDTH = 36;

export interface MachineTableProps {
  readonly keys: readonly MachineKey[];
  readonly making: readonly JobEntry[];
  readonly columns: Columns;
  readonly events: RowEvents;
  readonly onOpen: (key: MachineKey) => void;
  readonly onConsole: (key: MachineKey) => void;
}

/**
 * The virtualised grid. The keyboard stays on the grid itself and moves an active row (ARIA grid with
 * `aria-activedescendant`): rows come and go while scrolling, focus must not.
 */
export function MachineTable({ keys, making, columns, events, onOpen, onConsole }: MachineTableProps) {
  const { t } = useText();
  const scroll = useRef<HTMLDivElement>(null);
  const active = useMachineView((state) => state.active);
  const selection = useMachineView((state) => state.selection);
  const above = makingRowCount(making) * ROW_HEIGHT;
  // oxlint-disable-next-line react/incompatible-library -- only the React Compiler is incompatible; it is not used
  const virtual = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    scrollPaddingStart: ROW_HEIGHT,
    scrollMargin: above,
  });

  // The list is where the keyboard belongs when this page opens. Not while somebody types: a filter that matched
  // nothing for a moment brings the table back, and must keep the rest of its text.
  useEffect(() => {
    if (!(document.activeElement instanceof HTMLInputElement)) scroll.current?.focus({ preventScroll: true });
  }, []);

  const visible = columns.table.getVisibleLeafColumns();
  const tracks = visible.flatMap((column) =>
    isSortColumn(column.id) ? [gridTrack(column.id, column.getSize(), columns.isResized(column.id))] : [],
  );
  const layout: Record<`--${string}`, string> = {
    '--columns': `${CHECK_WIDTH}px ${tracks.join(' ')} ${ACTIONS_WIDTH}px`,
    '--least-width': `${visible.reduce((sum, column) => sum + column.getSize(), CHECK_WIDTH + ACTIONS_WIDTH)}px`,
  };
  const columnIds = useStableIds(visible.map((column) => column.id));

  const move = (to: number) => {
    const index = Math.max(0, Math.min(keys.length - 1, to));
    const key = keys[index];
    if (key === undefined) return;
    setActive(key);
    virtual.scrollToIndex(index);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const index = active === null ? -1 : keys.indexOf(active);
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: keys.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) move(to);
    else if ((event.ctrlKey || event.metaKey) && event.key === 'a') setSelection(keys);
    else if (event.key === 'Escape') setSelection([]);
    else if (active === null || index < 0) return;
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onConsole(active);
    else if (event.key === 'Enter') onOpen(active);
    else if (event.key === ' ') toggleSelected(active);
    else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) openMenu(active);
    else return;
    event.preventDefault();
  };

  const openMenu = (key: MachineKey) => {
    const box = document.getElementById(rowId(key))?.getBoundingClientRect();
    if (box) events.menu(key, { x: box.left + 48, y: box.bottom });
  };

  const chosen = keys.reduce((count, key) => count + (selection.has(key) ? 1 : 0), 0);
  const activeShown =
    active !== null && virtual.getVirtualItems().some((item) => keys[item.index] === active);
  return (
    <div className={classes['frame']}>
      <div
        ref={scroll}
        className={classes['scroll']}
        role="grid"
        tabIndex={0}
        aria-label={t('machines:table')}
        aria-rowcount={keys.length + 1}
        aria-multiselectable
        {...(activeShown && { 'aria-activedescendant': rowId(active) })}
        onFocus={(event) => {
          if (event.target === event.currentTarget && (active === null || !keys.includes(active))) move(0);
        }}
        onKeyDown={onKeyDown}
      >
        <div className={classes['grid']} style={layout} role="presentation">
          <div role="rowgroup">
            <TableHead
              columns={columns}
              selected={chosen === 0 ? 'none' : chosen === keys.length ? 'all' : 'some'}
              onSelectAll={(all) => setSelection(all ? keys : [])}
            />
          </div>
          <MakingRows making={making} columns={columnIds} />
          <div role="rowgroup" className={classes['body']} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const key = keys[item.index];
              if (key === undefined) return null;
              return (
                <MachineRow
                  key={key}
                  rowKey={key}
                  index={item.index}
                  top={item.start - above}
                  columns={columnIds}
                  selected={selection.has(key)}
                  active={active === key}
                  events={events}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

/** The same array for the same ids: rows compare it by identity. */
function useStableIds(ids: readonly string[]) {
  const joined = ids.join();
  return useMemo(() => joined.split(',').filter(isSortColumn), [joined]);
}
