import type { JsonObject } from "../json.ts";

/** The account that all keys belong to. */
export class Account {
  readonly #startBalance: number;
  readonly #startKeys: readonly string[];
  /** USD. */
  balance: number;
  readonly keys: Set<string>;

  constructor(balance: number, keys: readonly string[]) {
    this.#startBalance = balance;
    this.#startKeys = keys;
    this.balance = balance;
    this.keys = new Set(keys);
  }

  reset(): void {
    this.balance = this.#startBalance;
    this.setKeys(this.#startKeys);
  }

  /** Makes `keys` the good ones: none of the others is from now on. */
  setKeys(keys: readonly string[]): void {
    this.keys.clear();
    for (const key of keys) {
      this.keys.add(key);
    }
  }

  /** What `getDetails` answers: https://runware.ai/docs/models-api/account-management */
  details(spent: number, requests: number): JsonObject {
    const usage = { credits: spent, requests };
    return {
      organizationUUID: "b1a0c7de-5f6e-4d3c-9a2b-1c0d9e8f7a6b",
      organizationName: "Emulator",
      balance: Math.round(this.balance * 1_000_000) / 1_000_000,
      team: [{ name: "Somebody", email: "somebody@example.com", roles: ["owner"] }],
      apiKeys: [...this.keys].map((key) => ({ apiKey: `${key.slice(0, 4)}…`, name: "Key", enabled: true })),
      usage: { total: usage, today: usage, last7Days: usage, last30Days: usage },
    };
  }
}
