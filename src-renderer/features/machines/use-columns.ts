import type { Settings } from '@limen/contract';
import { type ColumnSizingState, type ReactTable, useTable } from '@tanstack/react-table';
import { useEffect, useMemo, useState } from 'react';
import type { MachineKey } from '../../stores/machine-key.ts';
import type { SortColumn, SortOrder } from '../../stores/machine-order.ts';
import { changeSettings, useSettings } from '../../stores/settings.ts';
import { columns, defaultOrder, type Features, features, isSortColumn } from './columns.ts';

/** Resizing sends many widths; they are stored when the hand rests. */
const STORE_AFTER_MS = 400;
const noRows: MachineKey[] = [];

export interface Columns {
  readonly table: ReactTable<Features, MachineKey>;
  readonly order: SortOrder;
  readonly sort: (order: SortOrder) => void;
  /** A person gave this column its width. */
  readonly isResized: (column: SortColumn) => boolean;
  readonly reset: () => void;
}

/** The table's columns as the person left them; every change is remembered in the settings. */
export function useColumns(): Columns {
  const stored = useSettings((state) => state.settings.machineTable);
  const [sizing, setSizing] = useState<ColumnSizingState>(stored.columnWidths);
  const columnVisibility = useMemo(
    () => Object.fromEntries(stored.hiddenColumns.map((id) => [id, false])),
    [stored.hiddenColumns],
  );

  useEffect(() => {
    if (sizing === stored.columnWidths) return;
    const timer = setTimeout(() => store({ ...stored, columnWidths: sizing }), STORE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [sizing, stored]);

  const table = useTable({
    features,
    columns,
    data: noRows,
    columnResizeMode: 'onChange',
    state: { columnSizing: sizing, columnVisibility },
    onColumnSizingChange: setSizing,
    onColumnVisibilityChange: (update) => {
      const next = typeof update === 'function' ? update(columnVisibility) : update;
      store({ ...stored, hiddenColumns: Object.keys(next).filter((id) => next[id] === false) });
    },
  });

  const sorted = stored.sort;
  return {
    table,
    order:
      sorted && isSortColumn(sorted.column)
        ? { column: sorted.column, descending: sorted.descending }
        : defaultOrder,
    sort: (sort) => store({ ...stored, sort }),
    isResized: (column) => sizing[column] !== undefined,
    reset: () => {
      setSizing({});
      store({ ...stored, hiddenColumns: [], columnWidths: {} });
    },
  };
}

type TableSettings = Settings['machineTable'];

/** A layout that cannot be stored is still shown; main keeps what it had. */
function store(machineTable: TableSettings): void {
  changeSettings({ machineTable }).catch(() => {});
}
