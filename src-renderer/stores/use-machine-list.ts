import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { parseFilter } from '../lib/machine-filter.ts';
import { useInventory } from './inventory.ts';
import { useLinks } from './links.ts';
import { MachineList, type MachineListView } from './machine-list.ts';
import { type SortOrder, sortsByMetrics } from './machine-order.ts';
import { useMetrics } from './metrics.ts';

/** All machines that pass the filter, in order. Renders only when order or membership changes. */
export function useMachineList(filterText: string, order: SortOrder): MachineListView {
  const { column, descending } = order;
  const list = useMemo(
    () => new MachineList(parseFilter(filterText), { column, descending }),
    [filterText, column, descending],
  );
  const subscribe = useCallback(
    (onChange: () => void) => {
      const ends = [useInventory.subscribe(onChange), useLinks.subscribe(onChange)];
      if (sortsByMetrics({ column, descending })) {
        ends.push(
          useMetrics.subscribe(() => {
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
    list.update(useInventory.getState().hosts, useLinks.getState().links ?? []);
    return list.view;
  });
}
