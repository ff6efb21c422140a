import type { FailureCode } from "../../../../src/engine/failure.ts";
import type { Injection } from "../../../emulator/faults/faultBox.ts";
import type { EmulatorOptions } from "../../../emulator/options.ts";
import type { Emulator } from "../../../emulator/startEmulator.ts";
import type { Changes, Played } from "../world.ts";

/** What the user is told: nothing but the results, or a failure. */
export type Told =
  | "all is there"
  | {
      readonly code: FailureCode;
      /** Key words of the message. */
      readonly says: RegExp;
      /** Results that came before it; 0 where it is absent. */
      readonly results?: number;
      /** Whether the task remains in the journal, since something may be charged; false where it is absent. */
      readonly isOpen?: boolean;
    };

/** An awkward behaviour of the service, and what must come of it. */
export interface Row {
  /** Its number among the behaviours of `test/emulator/faults/behaviours.ts`. */
  readonly number: number;
  /** What exactly is played. */
  readonly plays: string;
  readonly faults?: readonly Injection[];
  readonly changes?: Changes | ((emulator: Emulator) => Changes);
  /** Options of a server of its own. */
  readonly server?: EmulatorOptions;
  /** The client does nothing on which the faults could be played. */
  readonly isAvoided?: true;
  readonly told: Told;
  /** Anything else that must be so. */
  readonly also?: (played: Played, emulator: Emulator) => void | Promise<void>;
}

/** Requests for inferences that came in. */
export function submissions({ ledger }: Emulator): number {
  return ledger.requests("imageInference").length;
}

/** Polls that came in. */
export function polls({ ledger }: Emulator): number {
  return ledger.requests("getResponse").length;
}
