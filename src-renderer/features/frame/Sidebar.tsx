import { NavLink, ScrollArea, Text } from '@mantine/core';
import {
  IconDatabase,
  IconDisc,
  IconNetwork,
  IconServer2,
  IconSettings,
  IconTrash,
} from '@tabler/icons-react';
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
          {...current(page === 'machines' || page === 'machine' || page === 'new-machine')}
        />
        <HostNav />
        <Text size="xs" fw={600} c="var(--limen-quiet)" px="sm" pt="md" pb={4} id="nav-library">
          {t('frame:nav.library')}
        </Text>
        <div role="group" aria-labelledby="nav-library">
          <NavLink
            href={formatRoute({ page: 'images' })}
            leftSection={<IconDisc size={16} aria-hidden />}
            label={t('frame:nav.images')}
            {...current(page === 'images')}
          />
          <NavLink
            href={formatRoute({ page: 'networks' })}
            leftSection={<IconNetwork size={16} aria-hidden />}
            label={t('frame:nav.networks')}
            {...current(page === 'networks' || page === 'network')}
          />
          <NavLink
            href={formatRoute({ page: 'storage' })}
            leftSection={<IconDatabase size={16} aria-hidden />}
            label={t('frame:nav.storage')}
            {...current(page === 'storage' || page === 'pool')}
          />
          <NavLink
            href={formatRoute({ page: 'trash' })}
            leftSection={<IconTrash size={16} aria-hidden />}
            label={t('frame:nav.trash')}
            {...current(page === 'trash')}
          />
        </div>
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
