import { LimenError } from '@limen/contract';
import { expect, test } from 'vitest';
import { RequestBudgets } from './request-budgets.ts';

function budgetsAt(start = 5_000) {
  let now = start;
  return { budgets: new RequestBudgets(() => now), wait: (ms: number) => (now += ms) };
}

function spendAll(budgets: RequestBudgets, address: string): number {
  let spent = 0;
  while (budgets.spend(address)) spent += 1;
  return spent;
}

test('an address has 600 requests at once, then ten a second', () => {
  const { budgets, wait } = budgetsAt();
  expect(spendAll(budgets, '192.0.2.1')).toBe(600);
  expect(() => budgets.charge('192.0.2.1')).toThrow(LimenError);
  wait(1_000);
  expect(spendAll(budgets, '192.0.2.1')).toBe(10);
  wait(3_600_000);
  expect(spendAll(budgets, '192.0.2.1')).toBe(600);
});

test('addresses do not pay for one another, except those of one IPv6 customer', () => {
  const { budgets } = budgetsAt();
  spendAll(budgets, '192.0.2.1');
  expect(budgets.spend('192.0.2.2')).toBe(true);
  spendAll(budgets, '2001:db8::1');
  expect(budgets.spend('2001:db8::2')).toBe(false);
  expect(budgets.spend('2001:db8:0:1::1')).toBe(true);
});
