export { type BackoffOptions, backoffDelay } from './client/backoff.ts';
export { bulkStats } from './client/bulk-stats.ts';
export {
  type ClientCallOptions,
  type ClientOptions,
  type ClientState,
  type ClientStatus,
  LibvirtClient,
} from './client/libvirt-client.ts';
export type { DaemonConnectionOptions } from './client/connection-opener.ts';
export { type LibvirtUri, parseLibvirtUri } from './daemon/libvirt-uri.ts';
export type { OpenDuplex } from './daemon/opener.ts';
export { type DaemonAddress, type DaemonOptions, resolveDaemon } from './daemon/resolve-daemon.ts';
export { ErrorCode } from './errors/codes.ts';
export { ErrorDomain } from './errors/domains.ts';
export * from './errors/libvirt-error.ts';
export { type DomainEventName, type DomainEventPayload, domainEvents } from './events/domain-events.ts';
export type { AnyEventKind, EventFamily, EventKind } from './events/event-kind.ts';
export { events } from './events/event-table.ts';
export {
  NetworkLifecycle,
  NodeDeviceLifecycle,
  PoolLifecycle,
  SecretLifecycle,
} from './events/host-events.ts';
export type { Lane, Procedure, StreamDirection, StreamProcedure } from './procedures/define.ts';
export * from './procedures/block-flags.ts';
export * from './procedures/flags.ts';
export * from './procedures/guest-flags.ts';
export * from './procedures/host-flags.ts';
export * from './procedures/network-flags.ts';
export * from './procedures/save-flags.ts';
export * from './procedures/storage-flags.ts';
export { procedures } from './procedures/index.ts';
export type {
  CheckpointRef,
  DomainId,
  DomainRef,
  DomainStats,
  InterfaceRef,
  NetworkPortRef,
  NetworkRef,
  NodeDeviceRef,
  NodeInfo,
  NwFilterRef,
  PoolRef,
  SecretRef,
  SnapshotRef,
  VolumeRef,
} from './procedures/records.ts';
export { CallStream, type Hole, type StreamOptions } from './streams/call-stream.ts';
export { saveToFile, sendFile } from './streams/file-streams.ts';
export type { CallOptions } from './transport/call-window.ts';
export {
  Connection,
  type ConnectionOptions,
  type EventSink,
  type OpenedStream,
} from './transport/connection.ts';
export type { KeepAliveOptions } from './transport/keep-alive.ts';
export { buildParams, type ParamFields, type ParamValues } from './xdr/param-fields.ts';
export type { ParamValue, TypedParam, TypedValue } from './xdr/typed-params.ts';
export * from './xml/index.ts';
