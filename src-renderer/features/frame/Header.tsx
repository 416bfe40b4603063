import { ActionIcon, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconLogout, IconSearch, IconUserCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import icon from '../../../resources/icon.svg';
import { asLimenError, call } from '../../api/bridge.ts';
import { KeyHint } from '../../components/KeyHint.tsx';
import { notifyError } from '../../components/notify.tsx';
import { useText } from '../../locales/i18n.ts';
import { useAllLinks } from '../../stores/links.ts';
import { useSettings } from '../../stores/settings.ts';
import classes from './frame.module.css';

/** The window is dragged by this bar where it has no title bar of its own. */
export function Header({ jobs }: { readonly jobs: ReactNode }) {
  const { t } = useText();
  const mac = useSettings((state) => state.app?.platform === 'darwin');
  return (
    <Group
      className={classes['header']}
      h="100%"
      px="md"
      justify="space-between"
      wrap="nowrap"
      data-mac={mac || undefined}
    >
      <Group className={classes['brand']} gap={10} wrap="nowrap">
        <img src={icon} alt="" width={24} height={24} />
        <Text fw={700} inherit>
          {t('common:appName')}
        </Text>
      </Group>
      <UnstyledButton className={classes['search']} onClick={spotlight.open} aria-keyshortcuts="Control+K">
        <IconSearch size={16} aria-hidden />
        <span>{t('frame:search')}</span>
        <KeyHint keys={[mac ? '⌘' : 'Ctrl', 'K']} />
      </UnstyledButton>
      <Group className={classes['noDrag']} gap={4} wrap="nowrap" justify="flex-end" miw={180}>
        {jobs}
        <AccountMenu />
      </Group>
    </Group>
  );
}

function AccountMenu() {
  const { t } = useText();
  const signedIn = useAllLinks().flatMap((link) => (link.user ? [{ link, user: link.user }] : []));
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon size={36} className={classes['noDrag']} aria-label={t('frame:account')}>
          <IconUserCircle size={22} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {signedIn.length === 0 && <Menu.Label>{t('frame:accountNone')}</Menu.Label>}
        {signedIn.map(({ link, user }) => (
          <div key={link.id}>
            <Menu.Label>
              {user.username} {t('frame:accountOn', { host: link.name })}
            </Menu.Label>
            <Menu.Item
              leftSection={<IconLogout size={16} aria-hidden />}
              onClick={() => {
                const title = t('frame:signOut', { host: link.name });
                call('links.signOut', { linkId: link.id }).catch((error: unknown) =>
                  notifyError(title, asLimenError(error), t),
                );
              }}
            >
              {t('frame:signOut', { host: link.name })}
            </Menu.Item>
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
