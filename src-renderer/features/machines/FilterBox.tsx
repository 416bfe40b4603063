import { Autocomplete, CloseButton } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { type RefObject, useMemo } from 'react';
import { completeFilter } from '../../lib/machine-filter.ts';
import { useText } from '../../locales/i18n.ts';
import { inventoryStore } from '../../stores/inventory.ts';
import { useAllLinks } from '../../stores/links.ts';
import { setFilter, useMachineView } from '../../stores/machine-view.ts';

/** Free text and `key:value` terms, with completion of both. */
export function FilterBox({ inputRef }: { readonly inputRef: RefObject<HTMLInputElement | null> }) {
  const { t } = useText();
  const filter = useMachineView((state) => state.filter);
  const hosts = useAllLinks();
  const completions = useMemo(() => {
    const typing = filter.trim() === '' || /\s$/.test(filter);
    if (typing && filter !== '') return [];
    // Read, not subscribed to: owners and tags are needed while typing, not at every event.
    const machines = [...inventoryStore.getState().hosts.values()].flatMap((host) => [
      ...host.machines.values(),
    ]);
    const owners = new Set(machines.flatMap((machine) => machine.owner?.username ?? []));
    const tags = new Set(machines.flatMap((machine) => machine.tags));
    const known = { hosts: hosts.map((host) => host.name), owners: [...owners], tags: [...tags] };
    return [...new Set(completeFilter(filter, known))];
  }, [filter, hosts]);

  return (
    <Autocomplete
      ref={inputRef}
      w={320}
      size="sm"
      aria-label={t('machines:filter.label')}
      placeholder={t('machines:filter.placeholder')}
      leftSection={<IconFilter size={16} aria-hidden />}
      rightSection={
        filter === '' ? null : (
          <CloseButton size="sm" aria-label={t('machines:filter.clear')} onClick={() => setFilter('')} />
        )
      }
      value={filter}
      onChange={setFilter}
      data={completions}
      // The completions are whole new texts: the box must not filter them again.
      filter={({ options }) => options}
      comboboxProps={{ transitionProps: { duration: 0 } }}
      spellCheck={false}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && filter !== '') setFilter('');
      }}
    />
  );
}
