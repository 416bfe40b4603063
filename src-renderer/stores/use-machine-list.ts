import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { parseFilter } from '../lib/machine-filter.ts';
import { inventoryStore } from './inventory.ts';
import { linksStore } from './links.ts';
import { MachineList, type MachineListView } from './machine-list.ts';
import { type SortOrder, sortsByMetrics } from './machine-order.ts';
import { metricsStore } from './metrics.ts';

/** All machines that pass the filter, in order. Renders only when order or membership changes. */
export function useMachineList(filterText: string, order: SortOrder): MachineListView {
  const { column, descending } = order;
  const list = useMemo(
    () => new MachineList(parseFilter(filterText), { column, descending }),
    [filterText, column, descending],
  );
  const subscribe = useCallback(
    (onChange: () => void) => {
      const ends = [inventoryStore.subscribe(onChange), linksStore.subscribe(onChange)];
      if (sortsByMetrics({ column, descending })) {
        ends.push(
          metricsStore.subscribe(() => {
            list.resort();
            onChange();
          }),
        );
      }
      return () => {
        for (const end of ends) end();
      };
    },
    [list, column, descending],
  );
  return useSyncExternalStore(subscribe, () => {
    list.update(inventoryStore.getState().hosts, linksStore.getState().links ?? []);
    return list.view;
  });
}
