import {
  type ColumnDef,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
} from '@tanstack/react-table';
import type { MachineKey } from '../../stores/machine-key.ts';
import { type SortColumn, type SortOrder, sortColumns } from '../../stores/machine-order.ts';

/**
 * The table library keeps the columns: widths, resizing, which are hidden. Rows are not its business: order and
 * filter come from the stores, which patch instead of rebuilding a row model at every event.
 */
export const features = tableFeatures({
  columnSizingFeature,
  columnResizingFeature,
  columnVisibilityFeature,
});
export type Features = typeof features;

const widths: Record<SortColumn, number> = {
  state: 104,
  name: 104,
  host: 68,
  owner: 68,
  os: 76,
  vcpus: 56,
  cpu: 100,
  memory: 112,
  disk: 72,
  network: 72,
  uptime: 68,
  tags: 64,
};

export const columns: ColumnDef<Features, MachineKey>[] = sortColumns.map((id) => ({
  id,
  size: widths[id],
  minSize: 48,
  maxSize: 640,
  enableHiding: id !== 'name',
}));

/** How a wide window's spare room is shared out: to words, which vary in length, not to figures. */
const shares: Partial<Record<SortColumn, number>> = { name: 3, host: 1, owner: 1, os: 1, tags: 1 };

/**
 * A column as a CSS grid track. A width a person chose is kept; only names go on growing then, so that the row
 * always fills the window.
 */
export function gridTrack(id: SortColumn, width: number, chosen: boolean): string {
  const share = chosen && id !== 'name' ? undefined : shares[id];
  return share === undefined ? `${width}px` : `minmax(${width}px, ${share}fr)`;
}

export const rightAligned: ReadonlySet<SortColumn> = new Set(['vcpus', 'cpu', 'disk', 'network', 'uptime']);

export function isSortColumn(id: string): id is SortColumn {
  return (sortColumns as readonly string[]).includes(id);
}

export const defaultOrder: SortOrder = { column: 'name', descending: false };

/** First click sorts, the second turns it round, the third goes back to the order by name. */
export function nextOrder(order: SortOrder, column: SortColumn): SortOrder {
  if (order.column !== column) return { column, descending: false };
  return order.descending ? defaultOrder : { column, descending: true };
}
