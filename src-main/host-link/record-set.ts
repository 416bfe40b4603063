/** Complete records of one kind by id, as one host last told them. Null until it has. */
export class RecordSet<R extends { readonly id: string }> {
  #records: Map<R['id'], R> | null = null;

  get(id: R['id']): R | undefined {
    return this.#records?.get(id);
  }

  get all(): R[] | null {
    return this.#records === null ? null : [...this.#records.values()];
  }

  replace(records: readonly R[]): void {
    this.#records = new Map(records.map((record) => [record.id, record]));
  }

  change(upserted: readonly R[], removed: readonly R['id'][]): void {
    this.#records ??= new Map();
    for (const record of upserted) this.#records.set(record.id, record);
    for (const id of removed) this.#records.delete(id);
  }

  reset(): void {
    this.#records = null;
  }
}
