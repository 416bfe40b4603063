import type { FeedMessage } from '@limen/contract';
import { type BaseWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import type { TFunction } from 'i18next';

type Command = Extract<FeedMessage, { type: 'command' }>['command'];

/**
 * The native menu. Accelerators of our own commands are shown, not registered: the page handles these keys, and a
 * console window must be able to send them to its guest.
 */
export function installMenu(
  t: TFunction,
  run: (command: Command, window: BaseWindow | undefined) => void,
): void {
  const item = (label: string, command: Command, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    click: (_item, window) => run(command, window),
  });
  const isMac = process.platform === 'darwin';
  const settings = item(t('menu.settings'), 'settings', 'CmdOrCtrl+,');
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: t('menu.file'),
      submenu: [
        item(t('menu.addHost'), 'add-host'),
        settings,
        { type: 'separator' },
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { label: t('menu.edit'), role: 'editMenu' },
    {
      label: t('menu.view'),
      submenu: [
        item(t('menu.palette'), 'palette', 'CmdOrCtrl+K'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { label: t('menu.window'), role: 'windowMenu' },
    { label: t('menu.help'), role: 'help', submenu: [item(t('menu.shortcuts'), 'shortcuts', '?')] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
