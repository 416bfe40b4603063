import { NavLink, ScrollArea } from '@mantine/core';
import { IconServer2, IconSettings } from '@tabler/icons-react';
import { formatRoute } from '../../lib/route.ts';
import { useRoute } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { HostNav } from './HostNav.tsx';

export function Sidebar() {
  const { t } = useText();
  const { page } = useRoute();
  return (
    <>
      <ScrollArea flex={1} type="auto">
        <NavLink
          href={formatRoute({ page: 'machines' })}
          leftSection={<IconServer2 size={16} aria-hidden />}
          label={t('frame:nav.allMachines')}
          {...current(page === 'machines' || page === 'machine')}
        />
        <HostNav />
      </ScrollArea>
      <NavLink
        href={formatRoute({ page: 'settings' })}
        leftSection={<IconSettings size={16} aria-hidden />}
        label={t('frame:nav.settings')}
        {...current(page === 'settings')}
      />
    </>
  );
}

function current(active: boolean) {
  return { active, ...(active && { 'aria-current': 'page' as const }) };
}
