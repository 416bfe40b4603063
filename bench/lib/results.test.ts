import { describe, expect, it } from 'vitest';
import { keepsBudget, summarise } from './results.ts';

describe('keepsBudget', () => {
  it.each([
    [{ limen: 50, budget: 'limen <= 50' }, true],
    [{ limen: 50.1, budget: 'limen <= 50' }, false],
    [{ limen: 10, peer: 20, budget: 'ratio <= 0.5' }, true],
    [{ limen: 11, peer: 20, budget: 'ratio <= 0.5' }, false],
    [{ limen: 60, peer: 100, budget: 'ratio >= 0.7 and limen >= 60' }, false],
  ])('%j → %s', (measurement, pass) => {
    expect(keepsBudget(measurement)).toBe(pass);
  });

  it.each([
    { limen: 1, budget: 'fast' },
    { limen: 1, budget: 'ratio <= 1' },
  ])('refuses %j', (measurement) => {
    expect(() => keepsBudget(measurement)).toThrow();
  });
});

it('summarises by nearest rank', () => {
  const samples = Array.from({ length: 20 }, (_, i) => 20 - i);
  expect(summarise(samples)).toEqual({ median: 10, p95: 19, spread: [1, 20] });
  expect(() => summarise([])).toThrow('no samples');
});
