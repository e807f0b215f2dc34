/** Small values kept in the database by name, shared between replicas and restarts. */
export type Memory = {
  /** `writtenAt` is epoch ms. */
  recall(key: string): Promise<{ value: string; writtenAt: number } | undefined>
  remember(key: string, value: string): Promise<void>
}
