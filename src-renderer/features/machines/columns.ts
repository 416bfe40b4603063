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
  state: 116,
  name: 104,
  host: 64,
  owner: 60,
  os: 76,
  vcpus: 52,
  cpu: 104,
  memory: 148,
  disk: 84,
  network: 80,
  uptime: 76,
};

export const columns: ColumnDef<Features, MachineKey>[] = sortColumns.map((id) => ({
  id,
  size: widths[id],
  minSize: 48,
  maxSize: 640,
  enableHiding: id !== 'name',
}));

export const rightAligned: ReadonlySet<SortColumn> = new Set(['vcpus', 'disk', 'network', 'uptime']);

export function isSortColumn(id: string): id is SortColumn {
  return (sortColumns as readonly string[]).includes(id);
}

export const defaultOrder: SortOrder = { column: 'name', descending: false };

/** First click sorts, the second turns it round, the third goes back to the order by name. */
export function nextOrder(order: SortOrder, column: SortColumn): SortOrder {
  if (order.column !== column) return { column, descending: false };
  return order.descending ? defaultOrder : { column, descending: true };
}
