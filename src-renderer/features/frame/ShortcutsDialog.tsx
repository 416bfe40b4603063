import { Modal, Table } from '@mantine/core';
import { KeyHint } from '../../components/KeyHint.tsx';
import { useText } from '../../locales/i18n.ts';
import { closeOverlays } from '../../stores/overlays.ts';

const shortcuts = [
  { key: 'palette', keys: ['Ctrl', 'K'] },
  { key: 'newMachine', keys: ['Ctrl', 'N'] },
  { key: 'filter', keys: ['/'] },
  { key: 'move', keys: ['↑', '↓'] },
  { key: 'open', keys: ['Enter'] },
  { key: 'console', keys: ['Ctrl', 'Enter'] },
  { key: 'select', keys: ['Space'] },
  { key: 'selectAll', keys: ['Ctrl', 'A'] },
  { key: 'menu', keys: ['Shift', 'F10'] },
  { key: 'clear', keys: ['Esc'] },
  { key: 'help', keys: ['?'] },
] as const;

export function ShortcutsDialog() {
  const { t } = useText();
  return (
    <Modal opened onClose={closeOverlays} title={t('frame:shortcuts.title')}>
      <Table verticalSpacing={8} aria-label={t('frame:shortcuts.title')}>
        <Table.Tbody>
          {shortcuts.map(({ key, keys }) => (
            <Table.Tr key={key}>
              <Table.Td>{t(`frame:shortcuts.${key}`)}</Table.Td>
              <Table.Td w={140}>
                <KeyHint keys={keys} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
