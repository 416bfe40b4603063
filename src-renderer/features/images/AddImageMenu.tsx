import type { HostLink } from '@limen/contract';
import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconFolderSearch, IconLink, IconPlus, IconUpload } from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';

export type AddWay = 'upload' | 'url' | 'scan';

export interface AddImageMenuProps {
  readonly links: readonly HostLink[];
  readonly onChoose: (way: AddWay) => void;
}

/** Whether a host offers a way into its library to who is signed in. */
export function offersWay(link: HostLink, way: AddWay): boolean {
  switch (way) {
    case 'upload':
      return link.capabilities.includes('images.upload');
    case 'url':
      return link.capabilities.includes('images.import');
    case 'scan':
      return link.user?.role === 'administrator';
  }
}

/** The ways into a library; nothing where there is none. */
export function AddImageMenu({ links, onChoose }: AddImageMenuProps) {
  const { t } = useText();
  const offered = (way: AddWay): boolean => links.some((link) => offersWay(link, way));
  if (!offered('upload') && !offered('url') && !offered('scan')) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {t('images:add.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {offered('upload') && (
          <Menu.Item leftSection={<IconUpload size={16} aria-hidden />} onClick={() => onChoose('upload')}>
            {t('images:add.upload')}
          </Menu.Item>
        )}
        {offered('url') && (
          <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => onChoose('url')}>
            {t('images:add.url')}
          </Menu.Item>
        )}
        {offered('scan') && (
          <Menu.Item
            leftSection={<IconFolderSearch size={16} aria-hidden />}
            onClick={() => onChoose('scan')}
          >
            {t('images:add.scan')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
