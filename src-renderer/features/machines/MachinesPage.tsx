import { Button, Group, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useOpenConsole } from '../../actions/use-open-console.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { formatNumber } from '../../lib/format.ts';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { type MachineKey, parseMachineKey } from '../../stores/machine-key.ts';
import {
  selectRange,
  setActive,
  setSelection,
  toggleSelected,
  useMachineView,
} from '../../stores/machine-view.ts';
import { useMachineList } from '../../stores/use-machine-list.ts';
import { BulkBar } from './BulkBar.tsx';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import { FilterBox } from './FilterBox.tsx';
import { MachineMenu, type MachineMenuProps } from './MachineMenu.tsx';
import type { RowEvents } from './MachineRow.tsx';
import { MachinesEmpty } from './MachinesEmpty.tsx';
import { MachineTable } from './MachineTable.tsx';
import { useMaking } from './MakingRows.tsx';
import { useColumns } from './use-columns.ts';

function openMachine(key: MachineKey): void {
  navigate({ page: 'machine', ...parseMachineKey(key) });
}

/** All machines of all hosts. */
export function MachinesPage() {
  const { t, language } = useText();
  const filter = useMachineView((state) => state.filter);
  const anySelected = useMachineView((state) => state.selection.size > 0);
  const columns = useColumns();
  const { keys, total } = useMachineList(filter, columns.order);
  const making = useMaking(filter);
  const filterInput = useRef<HTMLInputElement>(null);
  const [menu, setMenu] = useState<MachineMenuProps['menu']>();
  const openConsole = useOpenConsole();
  useDocumentTitle(t('machines:title'));
  useHotkeys([['/', () => filterInput.current?.focus()]]);

  // Rows get the newest list through a ref: their events must stay the same object for all renders.
  const newestKeys = useRef(keys);
  useLayoutEffect(() => {
    newestKeys.current = keys;
  }, [keys]);
  const events = useMemo<RowEvents>(
    () => ({
      click: (key, event) => {
        if (event.shiftKey) selectRange(newestKeys.current, key);
        else if (event.ctrlKey || event.metaKey) toggleSelected(key);
        else setSelection([]);
        if (!event.shiftKey) setActive(key);
      },
      open: openMachine,
      toggle: toggleSelected,
      menu: (key, at) => {
        setActive(key);
        setMenu({ key, ...at });
      },
    }),
    [],
  );

  const counts = {
    count: total,
    shown: formatNumber(keys.length, language),
    total: formatNumber(total, language),
  };
  return (
    <Stack gap="sm" h="100%" p="md">
      <PageHead
        title={
          total === 0
            ? t('machines:title')
            : keys.length === total
              ? t('machines:titleWithCount', counts)
              : t('machines:titleFiltered', counts)
        }
      >
        {total > 0 && (
          <Group gap="xs" wrap="nowrap">
            <FilterBox inputRef={filterInput} />
            <ColumnsMenu columns={columns} />
            <Button
              size="sm"
              leftSection={<IconPlus size={16} aria-hidden />}
              aria-keyshortcuts="Control+N"
              onClick={() => navigate({ page: 'new-machine' })}
            >
              {t('machines:new')}
            </Button>
          </Group>
        )}
      </PageHead>
      {keys.length === 0 && making.length === 0 ? (
        <MachinesEmpty total={total} />
      ) : (
        <MachineTable
          keys={keys}
          making={making}
          columns={columns}
          events={events}
          onOpen={openMachine}
          onConsole={(key) => openConsole(parseMachineKey(key))}
        />
      )}
      {anySelected && <BulkBar />}
      {menu && <MachineMenu menu={menu} onOpen={openMachine} onClose={() => setMenu(undefined)} />}
    </Stack>
  );
}
