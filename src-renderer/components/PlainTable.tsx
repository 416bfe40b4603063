import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

export interface PlainTableProps {
  readonly label: string;
  readonly head: readonly string[];
  /** One cell for each head. `key` is unique in the table. */
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}

/** A few short rows inside a panel; the last column takes what room there is and wraps. */
export function PlainTable({ label, head, rows }: PlainTableProps) {
  const last = head.length - 1;
  const style = (column: number) =>
    column === last
      ? ({ width: '100%', overflowWrap: 'anywhere' } as const)
      : ({ whiteSpace: 'nowrap' } as const);
  return (
    <Table.ScrollContainer minWidth={360}>
      <Table verticalSpacing={6} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {head.map((name, column) => (
              <Table.Th key={name} style={style(column)}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, cells }) => (
            <Table.Tr key={key}>
              {cells.map((cell, column) => (
                <Table.Td key={head[column]} style={style(column)}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
