/** The database as `/health` and the host page see it. Implemented in `database/`. */
export interface DatabaseStatus {
  readonly kind: 'embedded' | 'postgresql';
  /** Ask it now (bounded by a short deadline); never rejects. `version` is null while it is away. */
  check(): Promise<{ readonly connected: boolean; readonly version: string | null }>;
}
